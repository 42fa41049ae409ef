package io.tandem.model;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files in which an ONNX file keeps tensors. Reads protobuf's wire format as far as <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a> leads to tensors,
 * and skips their data. A library would read all tensors into memory, or need classes that are made
 * from that file.
 */
final class OnnxExternalData {
  /** The messages that lead to tensors. */
  private enum Message {
    MODEL,
    TRAINING,
    FUNCTION,
    GRAPH,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    TENSOR,
    ENTRY;

    /** Returns the message in a field; null if the field does not lead to tensors. */
    @Nullable Message field(long number) {
      return switch (this) {
        case MODEL ->
            number == 7 ? GRAPH : number == 20 ? TRAINING : number == 25 ? FUNCTION : null;
        case TRAINING -> number == 1 || number == 2 ? GRAPH : null;
        case FUNCTION -> number == 7 ? NODE : number == 11 ? ATTRIBUTE : null;
        case GRAPH ->
            number == 1 ? NODE : number == 5 ? TENSOR : number == 15 ? SPARSE_TENSOR : null;
        case NODE -> number == 5 ? ATTRIBUTE : null;
        case ATTRIBUTE ->
            number == 5 || number == 10
                ? TENSOR
                : number == 6 || number == 11
                    ? GRAPH
                    : number == 22 || number == 23 ? SPARSE_TENSOR : null;
        case SPARSE_TENSOR -> number == 1 || number == 2 ? TENSOR : null;
        case TENSOR -> number == 13 ? ENTRY : null;
        case ENTRY -> null;
      };
    }
  }

  private static final int DATA_LOCATION = 14;
  private static final int EXTERNAL = 1;
  private static final int MAX_DEPTH = 100;
  private static final int MAX_TEXT = 1 << 16;

  private final InputStream in;
  private final Set<String> files = new LinkedHashSet<>();
  private long position;

  // Of the tensor that is being read, and of its entry of external_data.
  private boolean isExternal;
  private String location = "";
  private String key = "";
  private String value = "";

  private OnnxExternalData(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /** The bytes are not of an ONNX file. */
  private static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Returns the files that an ONNX file names, in their order; none if the file is damaged, which
   * the engine reports.
   */
  static Set<String> files(InputStream in, long length) throws IOException {
    OnnxExternalData reader = new OnnxExternalData(in);
    try {
      reader.message(Message.MODEL, length, 0);
      return reader.files;
    } catch (MalformedException e) {
      return Set.of();
    }
  }

  private void message(Message type, long end, int depth) throws IOException {
    require(depth < MAX_DEPTH);
    while (position < end) {
      long tag = varint();
      long number = tag >>> 3;
      switch ((int) (tag & 7)) {
        case 0 -> {
          long content = varint();
          if (type == Message.TENSOR && number == DATA_LOCATION) {
            isExternal = content == EXTERNAL;
          }
        }
        case 1 -> skip(8, end);
        case 2 -> bytes(type, number, end, depth);
        case 5 -> skip(4, end);
        default -> throw new MalformedException();
      }
    }
    require(position == end);
  }

  private void bytes(Message type, long number, long end, int depth) throws IOException {
    long length = varint();
    require(length >= 0 && length <= end - position);
    Message inner = type.field(number);
    if (inner != null) {
      begin(inner);
      message(inner, position + length, depth + 1);
      end(inner);
    } else if (type == Message.ENTRY && number == 1) {
      key = text(length);
    } else if (type == Message.ENTRY && number == 2) {
      value = text(length);
    } else {
      skip(length, end);
    }
  }

  private void begin(Message type) {
    if (type == Message.TENSOR) {
      isExternal = false;
      location = "";
    } else if (type == Message.ENTRY) {
      key = "";
      value = "";
    }
  }

  private void end(Message type) {
    if (type == Message.TENSOR && isExternal) {
      files.add(location);
    } else if (type == Message.ENTRY && key.equals("location")) {
      location = value;
    }
  }

  private long varint() throws IOException {
    long result = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = in.read();
      require(next >= 0);
      position++;
      result |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        return result;
      }
    }
    throw new MalformedException();
  }

  private String text(long length) throws IOException {
    require(length <= MAX_TEXT);
    byte[] bytes = in.readNBytes((int) length);
    require(bytes.length == length);
    position += length;
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void skip(long bytes, long end) throws IOException {
    require(bytes <= end - position);
    in.skipNBytes(bytes);
    position += bytes;
  }

  private static void require(boolean isSo) throws MalformedException {
    if (!isSo) {
      throw new MalformedException();
    }
  }
}
