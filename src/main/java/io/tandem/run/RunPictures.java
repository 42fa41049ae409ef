package io.tandem.run;

import io.tandem.conf.ImageEncoding;
import io.tandem.conf.ImagePlace;
import io.tandem.conf.OutputSettings;
import io.tandem.frame.FrameException;
import io.tandem.frame.Picture;
import io.tandem.frame.PictureEncoder;
import io.tandem.lane.DueFrame;
import io.tandem.lane.PictureSink;
import io.tandem.postprocess.InvalidResultException;
import io.tandem.postprocess.PictureStore;
import io.tandem.postprocess.StoredPicture;
import io.tandem.source.Frame;
import io.tandem.source.StorageException;
import io.tandem.spark.Readers;
import io.tandem.spark.Session;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Encoders;
import org.jspecify.annotations.Nullable;

/**
 * Writes the pictures of a run: each one before its row is written, or for a benchmark only a
 * sample, after the measured time.
 *
 * @param place files, or the rows themselves
 * @param sample which pictures to keep; null: all, at once
 */
public record RunPictures(PictureFolder folder, ImagePlace place, @Nullable FrameSample sample)
    implements PictureSink {
  private static final long serialVersionUID = 1L;

  private static final String IMAGES = "images";

  /** The folder of the pictures that show results. */
  public static final String RENDERED = "rendered";

  /** Returns the pictures of an inference: all. */
  private static RunPictures all(RunFolder run, OutputSettings settings) {
    return new RunPictures(
        new PictureFolder(run.path(), IMAGES, settings.imageEncoding()), settings.images(), null);
  }

  /** Returns pictures that are in the rows alone, of rows that go into no run folder. */
  public static PictureSink inRows(OutputSettings settings) {
    return new RunPictures(
        new PictureFolder("", IMAGES, settings.imageEncoding()), ImagePlace.COLUMN, null);
  }

  /** Returns the pictures of an inference, of which those of videos become videos if asked for. */
  public static PictureSink orVideos(RunFolder run, OutputSettings settings) {
    RunPictures images = all(run, settings);
    return settings.video().write()
        ? new RunVideos(images, VideoFolder.of(run, settings.video()))
        : images;
  }

  /**
   * Deletes pictures of an inference that no row names: of frames that were interrupted, and are
   * not there any more.
   */
  public static void removeThoseWithoutRow(Session session, RunFolder run) {
    List<String> files = run.files(IMAGES);
    if (files.isEmpty()) {
      return;
    }
    session
        .spark()
        .createDataset(files, Encoders.STRING())
        .toDF("name")
        .join(
            Readers.literal(session.spark())
                .parquet(run.path("predictions"))
                .selectExpr("substring_index(image_path, '/', -1) name"),
            new String[] {"name"},
            "left_anti")
        .as(Encoders.STRING())
        .collectAsList()
        .forEach(name -> run.delete(IMAGES + "/" + name));
  }

  /** Returns the pictures that show results. */
  public static RunPictures rendered(RunFolder run, ImageEncoding encoding) {
    return new RunPictures(
        new PictureFolder(run.path(), RENDERED, encoding), ImagePlace.FILES, null);
  }

  /**
   * Returns the pictures of a trial.
   *
   * @param sample which ones to keep; the others are encoded too, because an inference would
   */
  public static RunPictures of(
      RunFolder run, String trial, FrameSample sample, ImageEncoding encoding) {
    return new RunPictures(
        new PictureFolder(run.path(), IMAGES + "/" + trial, encoding), ImagePlace.FILES, sample);
  }

  @Override
  public Opened open(Configuration hadoop) {
    return new OfLane(hadoop);
  }

  /** The pictures of one lane. */
  private final class OfLane implements Opened {
    private final Configuration hadoop;
    private final Map<String, byte[]> heldBack = new LinkedHashMap<>();
    private @Nullable PictureEncoder encoder;

    OfLane(Configuration hadoop) {
      this.hadoop = hadoop;
    }

    @Override
    public PictureStore of(DueFrame due) {
      return picture -> put(due.frame(), picture);
    }

    private StoredPicture put(Frame frame, Picture picture) {
      byte[] file = encoded(picture);
      boolean isColumn = place == ImagePlace.COLUMN;
      String path = isColumn ? null : folder.path(frame);
      if (sample == null && path != null) {
        write(path, file);
      } else if (sample != null && path != null && sample.contains(frame.index())) {
        heldBack.put(path, file);
      }
      return new StoredPicture(
          path,
          picture.width(),
          picture.height(),
          (long) file.length,
          PictureFolder.sha256(file),
          isColumn ? file : null);
    }

    private byte[] encoded(Picture picture) {
      PictureEncoder open = encoder == null ? new PictureEncoder(folder.encoding()) : encoder;
      encoder = open;
      try {
        return open.encode(picture);
      } catch (FrameException e) {
        throw new InvalidResultException(String.valueOf(e.getMessage()));
      }
    }

    private void write(String path, byte[] file) {
      try {
        folder.write(path, file, hadoop);
      } catch (IOException e) {
        throw new InvalidResultException(
            "its picture cannot be written to %s: %s".formatted(path, StorageException.why(e)));
      }
    }

    @Override
    public void close() {
      if (encoder != null) {
        encoder.close();
        encoder = null;
      }
      try {
        for (Map.Entry<String, byte[]> file : heldBack.entrySet()) {
          folder.write(file.getKey(), file.getValue(), hadoop);
        }
      } catch (IOException e) {
        throw new StorageException("cannot write " + folder.run() + "/" + folder.name(), e);
      }
      heldBack.clear();
    }
  }
}
