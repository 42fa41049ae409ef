package io.tandem.inference;

import io.tandem.conf.Settings;
import io.tandem.frame.ByteSource;
import io.tandem.frame.FrameException;
import io.tandem.frame.Geometry;
import io.tandem.frame.HadoopByteSource;
import io.tandem.frame.Picture;
import io.tandem.frame.PictureReader;
import io.tandem.frame.Sketch;
import io.tandem.lane.DueFrame;
import io.tandem.lane.PictureSink;
import io.tandem.postprocess.Marks;
import io.tandem.postprocess.PictureStore;
import io.tandem.run.RecordedResults;
import io.tandem.run.RunFolder;
import io.tandem.run.RunPictures;
import io.tandem.run.RunQueries;
import io.tandem.spark.Session;
import java.util.List;

/** Draws results onto their frames, to look at. */
public final class Rendering {
  private Rendering() {}

  /**
   * Writes pictures to {@code rendered/} of a run; returns how many.
   *
   * @param most the maximum number of pictures
   * @param leastCertain whether to take the frames with the least certain results, otherwise some
   *     that are spread over all
   */
  public static int write(
      Session session, RunFolder run, Settings settings, int most, boolean leastCertain) {
    RecordedResults results = RunQueries.of(session, run).results();
    List<RecordedResults.Recorded> chosen =
        leastCertain ? results.leastCertain(most) : results.spread(most);
    ByteSource files = new HadoopByteSource(session.hadoop());
    int written = 0;
    try (PictureSink.Opened sink = RunPictures.rendered(run).open(session.hadoop())) {
      for (RecordedResults.Recorded one : chosen) {
        try {
          byte[] file = new byte[ByteSource.length(one.frame())];
          files.read(one.frame(), file);
          PictureStore store = sink.of(new DueFrame(one.frame(), 0));
          if (store != null) {
            store.put(drawn(file, one.result().marks(), settings));
          }
          written++;
        } catch (FrameException e) {
          // It could be read when it was predicted; its row has the result.
        }
      }
    }
    return written;
  }

  private static Picture drawn(byte[] file, Marks marks, Settings settings) throws FrameException {
    PictureReader.Read read = PictureReader.read(file, settings.frames().decoding().maxPixels());
    Sketch sketch = new Sketch(read.picture());
    for (Marks.Mark mark : marks.boxes()) {
      Geometry.Point a = read.geometry().toInput(mark.left(), mark.top());
      Geometry.Point b = read.geometry().toInput(mark.right(), mark.bottom());
      sketch.box(
          Math.min(a.x(), b.x()),
          Math.min(a.y(), b.y()),
          Math.max(a.x(), b.x()),
          Math.max(a.y(), b.y()),
          mark.text());
    }
    Picture after = marks.after();
    if (after == null) {
      sketch.caption(marks.caption());
    } else {
      sketch.beside(after);
    }
    return sketch.picture();
  }
}
