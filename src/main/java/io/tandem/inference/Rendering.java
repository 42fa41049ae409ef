package io.tandem.inference;

import io.tandem.conf.ImageEncoding;
import io.tandem.conf.Settings;
import io.tandem.conf.VideoSettings;
import io.tandem.frame.ByteSource;
import io.tandem.frame.FrameException;
import io.tandem.frame.Geometry;
import io.tandem.frame.HadoopByteSource;
import io.tandem.frame.Picture;
import io.tandem.frame.PictureReader;
import io.tandem.frame.Sketch;
import io.tandem.frame.VideoIndexer;
import io.tandem.lane.DueFrame;
import io.tandem.lane.PictureSink;
import io.tandem.postprocess.Marks;
import io.tandem.postprocess.PictureStore;
import io.tandem.run.RecordedResults;
import io.tandem.run.RunFolder;
import io.tandem.run.RunPictures;
import io.tandem.run.RunQueries;
import io.tandem.source.Frame;
import io.tandem.source.VideoFrames;
import io.tandem.spark.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Draws results onto their frames, to look at. */
public final class Rendering {
  /** How many frames show the results of a benchmark. */
  public static final int MOST_EXAMPLES = 4;

  /** Wide enough to recognize a face, and small enough to travel within a page. */
  private static final int EXAMPLE_WIDTH = 960;

  private final Session session;
  private final RunFolder run;
  private final Settings.Decoding decoding;
  private final ImageEncoding encoding;
  private final int maxWidth;
  private final VideoIndexer videoIndex;
  private final Map<String, List<Frame>> videos = new HashMap<>();

  private Rendering(
      Session session, RunFolder run, Settings settings, ImageEncoding encoding, int maxWidth) {
    this.session = session;
    this.run = run;
    this.decoding = settings.frames().decoding();
    this.encoding = encoding;
    this.maxWidth = maxWidth;
    this.videoIndex = VideoIndexer.of(settings);
  }

  /**
   * Writes pictures to {@code rendered/} of an inference; returns how many.
   *
   * @param most the maximum number of pictures
   * @param leastCertain whether to take the frames with the least certain results, otherwise some
   *     that are spread over all
   */
  public static int write(
      Session session, RunFolder run, Settings settings, int most, boolean leastCertain) {
    RecordedResults results = RunQueries.of(session, run).results();
    return new Rendering(session, run, settings, ImageEncoding.PNG, Integer.MAX_VALUE)
        .write(leastCertain ? results.leastCertain(most) : results.spread(most));
  }

  /** Writes a few reduced pictures to {@code rendered/} of a benchmark, for its report. */
  public static void examples(
      Session session, RunFolder run, Settings settings, RecordedResults results) {
    new Rendering(session, run, settings, ImageEncoding.JPG, EXAMPLE_WIDTH)
        .write(results.spread(MOST_EXAMPLES));
  }

  private int write(List<RecordedResults.Recorded> chosen) {
    ByteSource files = new HadoopByteSource(session.hadoop(), decoding.maxBytes());
    int written = 0;
    try (PictureSink.Opened sink = RunPictures.rendered(run, encoding).open(session.hadoop())) {
      for (RecordedResults.Recorded one : chosen) {
        try {
          Frame frame = frame(one);
          PictureStore store = sink.of(new DueFrame(frame, 0));
          if (store != null) {
            store.put(
                drawn(
                    PictureReader.read(frame, files, decoding.maxPixels()), one.result().marks()));
          }
          written++;
        } catch (FrameException e) {
          // It could be read when it was predicted; its row has the result.
        }
      }
    }
    return written;
  }

  /** Returns the frame; one of a video is found in the video again. */
  private Frame frame(RecordedResults.Recorded one) throws FrameException {
    Long time = one.ptsMicros();
    return time == null
        ? one.file()
        : videos
            .computeIfAbsent(
                one.file().path(),
                path ->
                    VideoFrames.of(
                        one.file(), videoIndex, VideoSettings.ALL, session.broadcastHadoop()))
            .stream()
            .filter(frame -> time.equals(frame.ref().ptsMicros()))
            .findFirst()
            .orElseThrow(() -> new FrameException("is not in the video any more"));
  }

  private Picture drawn(PictureReader.Read read, Marks marks) {
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
    sketch.reduce(maxWidth);
    return sketch.picture();
  }
}
