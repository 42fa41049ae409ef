package io.tandem.frame;

import io.tandem.Paths;
import io.tandem.conf.VideoSettings;
import io.tandem.source.Frame;
import io.tandem.source.VideoFrames;
import io.tandem.spark.HadoopConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/** A frame of a clip, as the ffmpeg program has it. */
record GoldenVideo(long micros, String md5) {
  /** Returns the frames of a clip of the tests. */
  static List<GoldenVideo> of(String clip) throws IOException {
    List<GoldenVideo> all = new ArrayList<>();
    long num = 0;
    long den = 0;
    long first = 0;
    for (String line : Files.readAllLines(Paths.VIDEOS.resolve(clip + ".md5"))) {
      if (line.startsWith("#tb 0: ")) {
        String[] unit = line.substring(7).split("/", -1);
        num = Long.parseLong(unit[0]);
        den = Long.parseLong(unit[1]);
        continue;
      }
      String[] columns = line.split(",\\s*", -1);
      long time = Long.parseLong(columns[2]);
      first = all.isEmpty() ? time : first;
      all.add(new GoldenVideo(Math.round((time - first) * 1e6 * num / den), columns[5]));
    }
    return all;
  }

  /** Lists the frames of any file. */
  static List<Frame> frames(Path clip, VideoSettings settings) throws IOException {
    return VideoFrames.of(
        Frame.image(clip.toUri().toString(), Files.size(clip), null, 0),
        new VideoIndexer(10),
        settings,
        HadoopConf.here(new Configuration()));
  }

  /** Returns the MD5 sum of a picture's planes. */
  static String md5(AVFrame picture) {
    int format = picture.format();
    int size = avutil.av_image_get_buffer_size(format, picture.width(), picture.height(), 1);
    byte[] bytes = new byte[size];
    try (BytePointer copy = new BytePointer(size)) {
      avutil.av_image_copy_to_buffer(
          copy,
          size,
          picture.data(),
          picture.linesize(),
          format,
          picture.width(),
          picture.height(),
          1);
      copy.get(bytes);
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
