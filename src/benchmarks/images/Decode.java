import io.tandem.conf.AutoInt;
import io.tandem.conf.Fit;
import io.tandem.conf.JpegLibrary;
import io.tandem.conf.Settings;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.FrameException;
import io.tandem.frame.PixelLayout;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Decodes the files that standard input names, a line each, by one decoder. Writes the pixels of
 * file n to n.rgb in the folder, 224 x 224 x 3, and prints "n ok" or "n" with the error.
 */
final class Decode {
  private Decode() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    JpegLibrary library =
        FrameDecoder.turboJpegFile().isPresent() ? JpegLibrary.TURBOJPEG : JpegLibrary.FFMPEG;
    try (FrameDecoder decoder =
            new FrameDecoder(
                224,
                224,
                PixelLayout.INTERLEAVED,
                new Settings.Decoding(Fit.CROP, AutoInt.AUTO, 200_000_000, library, true));
        BufferedReader names =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      byte[] rgb = new byte[decoder.frameBytes()];
      ByteBuffer pixels = ByteBuffer.allocateDirect(rgb.length);
      int number = 0;
      for (String name = names.readLine(); name != null; name = names.readLine()) {
        byte[] bytes = Files.readAllBytes(Path.of(name));
        String outcome;
        try {
          decoder.decode(bytes, bytes.length, pixels, 0);
          pixels.get(0, rgb);
          Files.write(folder.resolve(number + ".rgb"), rgb);
          outcome = "ok";
        } catch (FrameException e) {
          outcome = String.valueOf(e.getMessage());
        }
        System.out.println(number + "\t" + outcome.replaceAll("\\s+", " "));
        number++;
      }
    }
  }
}
