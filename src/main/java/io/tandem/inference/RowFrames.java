package io.tandem.inference;

import io.tandem.frame.BgrPicture;
import io.tandem.frame.ByteSource;
import io.tandem.frame.FileBytes;
import io.tandem.frame.FrameException;
import io.tandem.lane.DueFrame;
import io.tandem.source.Frame;
import io.tandem.source.FramePaths;
import io.tandem.source.GivenPath;
import io.tandem.source.VideoFiles;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;

/**
 * The frames of the rows of one task: a frame for each row, in order. Holds a row until its frame
 * is done; reads bytes and images from the rows, and files by another source. The lane takes the
 * frames, and its helpers read them.
 */
final class RowFrames implements Iterator<DueFrame>, ByteSource {
  private final Iterator<Row> rows;
  private final InputColumn column;
  private final FramePaths paths;
  private final ByteSource files;
  private final int partition = TaskContext.getPartitionId();
  private final Map<Integer, Row> held = new ConcurrentHashMap<>();
  private int taken;

  /**
   * Creates the frames of rows; none is taken yet.
   *
   * @param paths resolves the texts of a column of paths
   * @param files reads the files of a column of paths
   */
  RowFrames(Iterator<Row> rows, InputColumn column, FramePaths paths, ByteSource files) {
    this.rows = rows;
    this.column = column;
    this.paths = paths;
    this.files = files;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public DueFrame next() {
    Row row = rows.next();
    int index = taken++;
    held.put(index, row);
    return new DueFrame(frame(row, index), 0);
  }

  /** Returns the row of a frame that is done, and lets it go. */
  Row take(Frame frame) {
    return Objects.requireNonNull(held.remove(frame.index()));
  }

  private Frame frame(Row row, int index) {
    if (row.isNullAt(column.at())) {
      return Frame.unreadable(label(index), index, "column %s is null".formatted(column.name()));
    }
    return switch (column.kind()) {
      case PATH -> file(row.getString(column.at()), index);
      case BYTES -> Frame.image(label(index), bytes(row).length, null, index);
      case IMAGE -> Frame.unlisted(label(index), index);
    };
  }

  private String label(int index) {
    return "row %d of partition %d".formatted(index, partition);
  }

  private Frame file(String text, int index) {
    if (VideoFiles.isVideo(text)) {
      return Frame.unreadable(
          text,
          index,
          "a video is many frames, and this row is one; spark.read().format(\"tandem\") reads videos");
    }
    if (GivenPath.isWeb(text)) {
      return Frame.unreadable(text, index, "addresses of the web are not read");
    }
    try {
      return Frame.unlisted(paths.whole(text), index);
    } catch (IllegalArgumentException e) {
      return Frame.unreadable(text, index, "not a path: " + e.getMessage());
    }
  }

  private byte[] bytes(Row row) {
    return row.getAs(column.at());
  }

  private Row held(Frame frame) {
    return Objects.requireNonNull(held.get(frame.index()));
  }

  @Override
  public Frame listed(Frame frame) throws FrameException {
    if (frame.problem() != null) {
      return frame;
    }
    return switch (column.kind()) {
      case PATH -> files.listed(frame);
      case BYTES -> frame;
      case IMAGE -> {
        Row image = image(frame);
        yield frame.listed(
            BgrPicture.fileLength(
                image.getAs("width"),
                image.getAs("height"),
                image.getAs("nChannels"),
                image.<byte[]>getAs("data").length),
            null);
      }
    };
  }

  @Override
  public byte[] read(Frame frame, byte[] spare) throws FrameException {
    if (column.kind() == InputColumn.Kind.PATH) {
      return files.read(frame, spare);
    }
    var unused = ByteSource.length(frame); // Refuses what has a problem, or no bytes.
    return column.kind() == InputColumn.Kind.BYTES ? bytes(held(frame)) : bmp(frame);
  }

  @Override
  public FileBytes open(Frame frame) throws FrameException {
    return files.open(frame);
  }

  @Override
  public int maxBytes() {
    return files.maxBytes();
  }

  /** Returns the image of a row, which is in Spark's struct. */
  private Row image(Frame frame) throws FrameException {
    Row image = held(frame).getStruct(column.at());
    for (String field : InputColumn.IMAGE) {
      if (image.isNullAt(image.fieldIndex(field))) {
        throw new FrameException("the image's %s is null".formatted(field));
      }
    }
    return image;
  }

  private byte[] bmp(Frame frame) throws FrameException {
    Row image = image(frame);
    return BgrPicture.bmp(
        image.getAs("width"), image.getAs("height"), image.getAs("nChannels"), image.getAs("data"));
  }
}
