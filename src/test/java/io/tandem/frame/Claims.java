package io.tandem.frame;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Small files whose headers claim pictures of any size. */
public enum Claims {
  /** 16 bits, RGBA; 74 bytes or so. */
  PNG {
    @Override
    public byte[] of(int width, int height) {
      ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
      header.put(new byte[] {16, 6, 0, 0, 0});
      byte[] data = {0x78, (byte) 0x9c, 3, 0, 0, 0, 0, 1};
      ByteBuffer file = ByteBuffer.allocate(8 + 3 * 12 + 13 + data.length);
      file.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
      chunk(file, "IHDR", header.array());
      chunk(file, "IDAT", data);
      chunk(file, "IEND", new byte[0]);
      return file.array();
    }
  },
  /** 35 bytes. */
  GIF {
    @Override
    public byte[] of(int width, int height) {
      ByteBuffer file = ByteBuffer.allocate(35).order(ByteOrder.LITTLE_ENDIAN);
      file.put(latin1("GIF89a")).putShort((short) width).putShort((short) height);
      file.put(new byte[] {(byte) 0x80, 0, 0, 0, 0, 0, -1, -1, -1});
      file.put((byte) 0x2c).putInt(0).putShort((short) width).putShort((short) height);
      file.put(new byte[] {0, 2, 2, 0x4c, 1, 0, 0x3b});
      return file.array();
    }
  },
  /** A whole JPEG with another size in its header. */
  JPEG {
    @Override
    public byte[] of(int width, int height) {
      byte[] file = written("jpg");
      for (int at = 0; at + 9 < file.length; at++) {
        if ((file[at] & 0xff) == 0xff && (file[at + 1] & 0xff) == 0xc0) {
          ByteBuffer.wrap(file).putShort(at + 5, (short) height).putShort(at + 7, (short) width);
        }
      }
      return file;
    }
  },
  /** A lossless picture of one colour: no bits a pixel. */
  WEBP {
    @Override
    public byte[] of(int width, int height) {
      ByteBuffer file = ByteBuffer.allocate(38).order(ByteOrder.LITTLE_ENDIAN);
      file.put(latin1("RIFF")).putInt(30).put(latin1("WEBPVP8L")).putInt(17);
      file.put((byte) 0x2f).putInt((width - 1) | (height - 1) << 14);
      return file.array();
    }
  },
  BMP {
    @Override
    public byte[] of(int width, int height) {
      byte[] file = written("bmp");
      ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(18, width).putInt(22, height);
      return file;
    }
  },
  /** RGB, in one strip. */
  TIFF {
    @Override
    public byte[] of(int width, int height) {
      byte[] file = written("tif");
      ByteBuffer fields = ByteBuffer.wrap(file);
      fields.order(file[0] == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      int at = fields.getInt(4);
      for (int i = 0; i < fields.getShort(at); i++) {
        int field = at + 2 + 12 * i;
        int value =
            switch (fields.getShort(field)) {
              case 256 -> width;
              case 257, 278 -> height;
              default -> 0;
            };
        if (value != 0) {
          fields.putShort(field + 2, (short) 4).putInt(field + 8, value);
        }
      }
      return file;
    }
  };

  /** Returns a file that claims this size, in pixels. */
  public abstract byte[] of(int width, int height);

  private static void chunk(ByteBuffer file, String type, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(latin1(type));
    crc.update(content);
    file.putInt(content.length).put(latin1(type)).put(content).putInt((int) crc.getValue());
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] written(String format) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB), format, file)) {
        throw new IllegalStateException("ImageIO writes no " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toByteArray();
  }
}
