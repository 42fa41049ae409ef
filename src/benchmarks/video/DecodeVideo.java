import io.tandem.conf.AutoInt;
import io.tandem.conf.Fit;
import io.tandem.conf.JpegLibrary;
import io.tandem.conf.Settings;
import io.tandem.conf.VideoSettings;
import io.tandem.frame.ByteSource;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.HadoopByteSource;
import io.tandem.frame.PixelLayout;
import io.tandem.frame.VideoIndexer;
import io.tandem.source.Frame;
import io.tandem.source.VideoFrames;
import io.tandem.spark.HadoopConf;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Decodes a video to 224 x 224 for each line of standard input, as a lane does, and prints the
 * seconds.
 */
final class DecodeVideo {
  private DecodeVideo() {}

  public static void main(String[] args) throws Exception {
    Path clip = Path.of(args[0]).toAbsolutePath();
    Configuration hadoop = new Configuration();
    List<Frame> frames =
        VideoFrames.of(
            Frame.image(clip.toUri().toString(), Files.size(clip), null, 0),
            new VideoIndexer(60),
            VideoSettings.ALL,
            HadoopConf.here(hadoop));
    ByteSource source = new HadoopByteSource(hadoop, AutoInt.AUTO, 60);
    Settings.Decoding decoding =
        new Settings.Decoding(Fit.CROP, AutoInt.AUTO, 200_000_000, JpegLibrary.FFMPEG, false);
    try (FrameDecoder decoder = new FrameDecoder(224, 224, PixelLayout.INTERLEAVED, decoding);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      ByteBuffer pixels = ByteBuffer.allocateDirect(decoder.frameBytes());
      while (lines.readLine() != null) {
        long from = System.nanoTime();
        for (Frame frame : frames) {
          decoder.decode(frame, source, pixels, 0);
        }
        System.out.printf("%.3f%n", (System.nanoTime() - from) / 1e9);
      }
    }
  }
}
