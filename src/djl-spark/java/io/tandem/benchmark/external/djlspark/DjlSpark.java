package io.tandem.benchmark.external.djlspark;

import ai.djl.spark.task.vision.ImageClassifier;
import io.tandem.benchmark.external.ExternalImplementation;
import io.tandem.conf.Device;
import io.tandem.conf.Fit;
import io.tandem.frame.Channels;
import io.tandem.frame.Framing;
import io.tandem.model.InputContract;
import io.tandem.model.ModelSpec;
import io.tandem.model.Scale;
import io.tandem.source.Frame;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Runs DJL's Spark extension as documented: Spark's image source, then its {@code ImageClassifier}.
 * DJL's translator arguments define the model's input.
 */
public final class DjlSpark implements ExternalImplementation {
  private static final String[] IMAGE = {"origin", "height", "width", "nChannels", "mode", "data"};

  @Override
  public String id() {
    return "djl-spark";
  }

  @Override
  public String title() {
    return "DJL's Spark extension";
  }

  @Override
  public String remark() {
    return "loads its model within that time";
  }

  @Override
  public String note() {
    return "DJL's Spark extension, on frames that Spark's image source decodes. Its time is that of"
        + " its tasks, in each of which it loads the model and works with one thread. It shrinks"
        + " frames without a filter: labels that differ from ours do not make its row invalid.";
  }

  @Override
  public @Nullable String refusal(Work work) {
    ModelSpec model = work.model();
    if (!"file".equals(new Path(model.folder()).toUri().getScheme())) {
      return "it reads models from local paths, not from " + model.folder();
    }
    if (!model.taskType().equals(ModelSpec.CLASSIFICATION)) {
      return "it classifies, and the model's task is " + model.taskType();
    }
    if (!model.takes().framing().equals(Framing.USUAL)
        || model.takes().channels() != Channels.RGB) {
      return "it has neither resize, bicubic interpolation nor other channels than RGB";
    }
    ModelSpec.Values values = model.takes().values();
    if (model.input().type().isFloat()
        && (!model.input().equals(InputContract.FLOAT_NCHW)
            || values.scale() != Scale.UNIT
            || values.mean().isEmpty()
            || values.std().isEmpty())) {
      return "of float inputs it makes float-nchw with scale=1/255, mean and std only";
    }
    if (model.takes().batch() > 0 || model.properties().get("output.name") != null) {
      return "it has neither batches of a fixed size nor a choice of outputs";
    }
    if (model.properties().flag("multi-label", false)) {
      return "it finds one label for a frame, and the model has multi-label=true";
    }
    if (model.labels().isEmpty()) {
      return "it needs a synset.txt, which is missing in %s".formatted(model.folder());
    }
    if (work.fit() == Fit.LETTERBOX) {
      return "it pads frames on one side only, not around as frames.fit = letterbox asks";
    }
    if (work.fit() == Fit.CROP && model.width() != model.height()) {
      return "for frames.fit = crop its model must be square, not %d x %d"
          .formatted(model.width(), model.height());
    }
    if (work.gpus() > 0 && work.device() == Device.Kind.CPU) {
      return "it takes GPU 0 where there is one, and this benchmark begins on the CPU";
    }
    return null;
  }

  @Override
  public JavaRDD<Answer> predict(SparkSession spark, Work work) {
    // Its progress bars would interleave with Tandem's output.
    System.setProperty("disableProgressBar", "true");
    ImageClassifier classifier = new ImageClassifier();
    classifier.setInputCols(IMAGE);
    classifier.setOutputCol("prediction");
    classifier.setEngine("PyTorch");
    classifier.setModelUrl(ModelUrl.of(work.model(), work.fit()));
    classifier.setBatchSize(work.batchSize());
    classifier.setBatchifier("stack");
    classifier.setApplySoftmax(work.model().properties().get("output", "").equals("logits"));
    classifier.setTopK(work.topK());
    return classifier
        .classify(images(spark, work.parts()))
        .select("origin", "prediction.class_names", "prediction.probabilities")
        .javaRDD()
        .map(new ToAnswer(work.topK()));
  }

  /**
   * Reads each part into one partition, like the lanes. The extension supports colour images only.
   */
  private static Dataset<Row> images(SparkSession spark, List<List<Frame>> parts) {
    return parts.stream()
        .map(part -> part.stream().map(Frame::path).map(DjlSpark::literal))
        .map(
            paths ->
                spark
                    .read()
                    .format("image")
                    .option("dropInvalid", true)
                    .load(paths.toArray(String[]::new))
                    .select("image.*")
                    .where("nChannels = 3")
                    .coalesce(1))
        .reduce(Dataset::union)
        .orElseThrow();
  }

  /** Escapes the glob characters of a path. */
  private static String literal(String path) {
    return path.replaceAll("[{}\\[\\]*?\\\\]", "\\\\$0");
  }
}
