package io.tandem.benchmark.external.djlspark;

import io.tandem.benchmark.external.ExternalImplementation;
import io.tandem.postprocess.Prediction;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Row;

/**
 * Converts a row of the extension, which has all classes in the model's order, to the best labels.
 */
final class ToAnswer implements Function<Row, ExternalImplementation.Answer> {
  private static final long serialVersionUID = 1L;

  private final int topK;

  ToAnswer(int topK) {
    this.topK = topK;
  }

  @Override
  public ExternalImplementation.Answer call(Row row) {
    List<String> names = row.getList(1);
    List<Double> probabilities = row.getList(2);
    PriorityQueue<Prediction> best =
        new PriorityQueue<>(Comparator.comparingDouble(Prediction::probability));
    for (int i = 0; i < names.size(); i++) {
      best.add(new Prediction(names.get(i), probabilities.get(i).floatValue()));
      if (best.size() > topK) {
        best.remove();
      }
    }
    List<Prediction> top = new ArrayList<>(best);
    top.sort(Comparator.comparingDouble(Prediction::probability).reversed());
    return new ExternalImplementation.Answer(path(row.getString(0)), top);
  }

  /** Returns the Hadoop path of an image source's origin, which is an encoded URL. */
  private static String path(String origin) {
    return new Path(URI.create(origin)).toString();
  }
}
