package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.Paths;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of every format as people have them, each with a plain file that it must equal. */
@ParameterizedClass
@EnumSource(Decoding.class)
final class TwinsTest {
  private static final double ALIKE = 3;

  private static final Set<String> KINDS =
      Set.of(
          "bilevel.png",
          "plain.webp",
          "pal.gif",
          "masks-shifted.bmp",
          "00-palette.tif",
          "tags-ycbcr.tif",
          "optimised.jpg",
          "mjpeg.jpg",
          "progressive.jpg",
          "cmyk-adobe.jpg",
          "no-quantisation-table.jpg",
          "truncated.jpg");

  private final Decoding decoding;

  TwinsTest(Decoding decoding) {
    decoding.assumeIsHere();
    this.decoding = decoding;
  }

  @Test
  void everyFile_equalsItsTwin_orIsRefusedByName() throws Exception {
    Map<String, String> wrong = new HashMap<>();
    for (Entry<String, String> pair : twins().entrySet()) {
      byte[] twin = Pixels.alone(decoding, Paths.TWINS.resolve(pair.getValue()));
      try {
        double off =
            Pixels.difference(Pixels.alone(decoding, Paths.TWINS.resolve(pair.getKey())), twin);
        if (off >= ALIKE) {
          wrong.put(pair.getKey(), "differs by " + off);
        }
      } catch (FrameException e) {
        if (!String.valueOf(e.getMessage()).startsWith("not supported: ")) {
          wrong.put(pair.getKey(), e.getMessage());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "arithmetic.jpg, 'not supported: a JPEG with arithmetic coding; convert it to a baseline or progressive one'",
    "no-quantisation-table.jpg, damaged JPEG: no quantisation table",
    "avif-named.jpg, 'not supported: AVIF; convert it to JPEG, PNG, WebP, GIF, BMP or TIFF'",
    "tiff-float32.tif, 'not supported: a TIFF of floating-point samples; convert it'",
  })
  void refusedFile_saysWhy(String file, String message) {
    assertThatThrownBy(() -> Pixels.alone(decoding, Paths.TWINS.resolve(file)))
        .isInstanceOf(FrameException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource({
    "tiled-then-plain/02-tiff-plain.tif, ../twins/plain.png",
    "tiled-then-plain/03-tags-fewest.tif, ../twins/plain.png",
    "camera-frames/02-mjpeg.jpg, ../twins/plain.png",
    "camera-frames/04-mjpeg.jpg, ../twins/plain.png",
    "palette-then-grey/01-grey.tif, palette-then-grey/grey-twin.png",
    "palette-then-grey/02-bilevel-g4.tif, palette-then-grey/bilevel-twin.png",
    "palette-then-grey/03-grey-lzw.tif, palette-then-grey/grey-twin.png",
  })
  void frameOfASequence_equalsItsTwin(String file, String twin) throws Exception {
    Path last = Paths.SEQUENCES.resolve(file);
    byte[] decoded = {};
    try (FrameDecoder decoder = Pixels.decoder(decoding)) {
      for (Path frame : files(Objects.requireNonNull(last.getParent()))) {
        byte[] bytes = Files.readAllBytes(frame);
        if (frame.equals(last)) {
          decoded = Pixels.by(decoder, bytes);
          break;
        }
        outcome(decoder, bytes);
      }
    }
    byte[] right = Pixels.alone(decoding, Paths.SEQUENCES.resolve(twin));
    assertThat(Pixels.difference(decoded, right)).isLessThan(ALIKE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.png",
        "exif6-prefix.webp",
        "progressive.jpg",
        "masks-shifted.bmp",
        "pal.gif",
        "tiff-plain.tif",
        "tiff-lzw.tif",
        "tiff-deflate-predictor.tif",
        "tiff-tiled.tif",
        "tiff-planar.tif",
        "tags-ycbcr.tif",
        "bilevel-g4.tif"
      })
  void cutFile_isAnError(String file) throws Exception {
    byte[] whole = Files.readAllBytes(Paths.TWINS.resolve(file));
    try (FrameDecoder decoder = Pixels.decoder(decoding)) {
      for (int percent = 5; percent <= 90; percent += 5) {
        byte[] cut = Arrays.copyOf(whole, whole.length * percent / 100);
        assertThatThrownBy(() -> Pixels.by(decoder, cut))
            .as("cut at %d %%", percent)
            .isInstanceOf(FrameException.class);
      }
    }
  }

  @Test
  void cutBetweenScans_isAnError() throws Exception {
    byte[] whole = Files.readAllBytes(Paths.TWINS.resolve("progressive.jpg"));
    List<Integer> scans = new ArrayList<>();
    for (int i = 2; i < whole.length - 1; i++) {
      if (whole[i] == (byte) 0xff && whole[i + 1] == (byte) 0xda) {
        scans.add(i);
      }
    }
    assertThat(scans).hasSizeGreaterThan(2);
    for (int scan : scans.subList(1, scans.size())) {
      try (FrameDecoder decoder = Pixels.decoder(decoding)) {
        assertThatThrownBy(() -> Pixels.by(decoder, Arrays.copyOf(whole, scan)))
            .isInstanceOf(FrameException.class)
            .hasMessage("damaged JPEG: it ends before its last scan");
      }
    }
  }

  @Test
  void changedByteOfThePicture_isAnError() throws Exception {
    byte[] png = Files.readAllBytes(Paths.TWINS.resolve("plain.png"));
    png[png.length / 2] ^= 1;
    try (FrameDecoder decoder = Pixels.decoder(decoding)) {
      assertThatThrownBy(() -> Pixels.by(decoder, png))
          .isInstanceOf(FrameException.class)
          .hasMessage("damaged PNG: wrong checksum of its chunk IDAT");
    }
  }

  @Test
  void componentsOfOneId_areToldApart() throws Exception {
    byte[] doubled = Files.readAllBytes(Paths.TWINS.resolve("cmyk-adobe.jpg"));
    for (int i = 2; i < doubled.length - 20; i++) {
      int marker = doubled[i + 1] & 0xff;
      if (doubled[i] == (byte) 0xff && (marker == 0xc0 || marker == 0xda)) {
        int first = i + (marker == 0xc0 ? 10 : 5);
        int step = marker == 0xc0 ? 3 : 2;
        doubled[first + 3 * step] = doubled[first];
        if (marker == 0xda) {
          break;
        }
      }
    }
    byte[] right = Pixels.alone(decoding, Paths.TWINS.resolve("cmyk-adobe.jpg"));
    try (FrameDecoder decoder = Pixels.decoder(decoding)) {
      assertThat(Pixels.by(decoder, doubled)).isEqualTo(right);
    }
  }

  /** Every file after one of each kind, and that one after every file, by one decoder. */
  @Test
  void frame_dependsOnItselfAlone() throws Exception {
    List<Path> all = new ArrayList<>(files(Paths.TWINS));
    all.addAll(files(Paths.IMAGES));
    all.addAll(files(Paths.JPEGS));
    try (Stream<Path> sequences = Files.walk(Paths.SEQUENCES)) {
      all.addAll(sequences.filter(Files::isRegularFile).toList());
    }
    all.removeIf(file -> file.getFileName().toString().matches("huge.*|.*\\.json"));
    Map<Path, byte[]> bytes = new HashMap<>();
    Map<Path, Object> alone = new HashMap<>();
    for (Path file : all) {
      bytes.put(file, Files.readAllBytes(file));
      try (FrameDecoder decoder = Pixels.decoder(decoding)) {
        alone.put(file, outcome(decoder, Objects.requireNonNull(bytes.get(file))));
      }
    }
    List<String> wrong = new ArrayList<>();
    try (FrameDecoder decoder = Pixels.decoder(decoding)) {
      for (Path kind : all.stream().filter(TwinsTest::isOfItsOwnKind).toList()) {
        Path before = kind;
        for (Path file : all) {
          for (Path next : List.of(kind, file)) {
            if (!outcome(decoder, Objects.requireNonNull(bytes.get(next)))
                .equals(alone.get(next))) {
              wrong.add(next.getFileName() + " after " + before.getFileName());
            }
            before = next;
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** Without the tables of the chroma's AC coefficients, which no test file lacks alone. */
  @Test
  void missingHuffmanTable_comesFromNoOtherFrame() throws Exception {
    byte[] lacking = withoutHuffmanTable(Files.readAllBytes(Paths.TWINS.resolve("optimised.jpg")));
    Object alone;
    try (FrameDecoder decoder = Pixels.decoder(decoding)) {
      alone = outcome(decoder, lacking);
    }
    for (String before : List.of("optimised.jpg", "rgb-components.jpg", "progressive.jpg")) {
      try (FrameDecoder decoder = Pixels.decoder(decoding)) {
        outcome(decoder, Files.readAllBytes(Paths.TWINS.resolve(before)));
        assertThat(outcome(decoder, lacking)).as("after %s", before).isEqualTo(alone);
      }
    }
  }

  private static byte[] withoutHuffmanTable(byte[] file) {
    for (int at = 2; (file[at + 1] & 0xff) != 0xda; ) {
      int end = at + 2 + (file[at + 2] & 0xff) * 256 + (file[at + 3] & 0xff);
      if ((file[at + 1] & 0xff) == 0xc4 && file[at + 4] == 0x11) {
        byte[] without = Arrays.copyOf(file, file.length - (end - at));
        System.arraycopy(file, end, without, at, file.length - end);
        return without;
      }
      at = end;
    }
    throw new AssertionError("it has no segment of its own for this table");
  }

  private static boolean isOfItsOwnKind(Path file) {
    return KINDS.contains(file.getFileName().toString());
  }

  /** Returns a value that equals another one's if pixels or error are the same. */
  private static Object outcome(FrameDecoder decoder, byte[] file) {
    try {
      return ByteBuffer.wrap(Pixels.by(decoder, file));
    } catch (FrameException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static Map<String, String> twins() throws IOException {
    Map<String, String> twins = new HashMap<>();
    new ObjectMapper()
        .readTree(Paths.TWINS.resolve("twins.json").toFile())
        .properties()
        .forEach(e -> twins.put(e.getKey(), e.getValue().asText()));
    return twins;
  }
}
