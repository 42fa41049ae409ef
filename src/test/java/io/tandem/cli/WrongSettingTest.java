package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Tandem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that no key takes, and files that are not what they are named: one sentence each. */
final class WrongSettingTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "include \"x\"=1 ~ a setting must be key=value: include \"x\"=1",
        "' = ' ~ a setting must be key=value:",
        "a{b=1 ~ a setting must be key=value: a{b=1",
        "infer.batch-size=4.5 ~ setting infer.batch-size=4.5: infer.batch-size takes a whole number, not: 4.5",
        "infer.batch-size=\"4\\u0000\" ~ setting infer.batch-size=\"4\\u0000\": infer.batch-size takes a whole number, not: 4\\u0000",
        "benchmark.seed=1.5 ~ setting benchmark.seed=1.5: benchmark.seed takes a whole number, not: 1.5",
        "benchmark.concurrency=[1, 1.5] ~ setting benchmark.concurrency=[1, 1.5]: benchmark.concurrency takes a whole number, not: 1.5",
        "benchmark.min-seconds=1e400 ~ setting benchmark.min-seconds=1e400: benchmark.min-seconds takes a number, not: Infinity",
        "benchmark.min-seconds=\"1\\u0000\" ~ setting benchmark.min-seconds=\"1\\u0000\": benchmark.min-seconds takes a number, not: 1\\u0000",
        "model.mean=[0.5, 1e400, 1] ~ setting model.mean=[0.5, 1e400, 1]: model.mean takes a number, not: Infinity",
        "lane.frame-timeout=\"1\\u0000s\" ~ setting lane.frame-timeout=\"1\\u0000s\": lane.frame-timeout takes a number with a unit, not: 1\\u0000s",
        "benchmark.valid.start-skew=-1 ms ~ benchmark.valid.start-skew must not be negative: -0.001",
        "benchmark.valid.clock-jump=-1 ms ~ benchmark.valid.clock-jump must not be negative: -0.001",
        "synthetic.sleep=-1 ms ~ synthetic.sleep must not be negative: -0.001",
        "infer.search-share=2 ~ infer.search-share is a share, at most 1: 2.0",
        "benchmark.valid.tie=2 ~ benchmark.valid.tie is a share, at most 1: 2.0",
        "frames.glob={*.jpg ~ frames.glob is no pattern of file names: {*.jpg; ",
        "frames.glob=[ ~ frames.glob is no pattern of file names: [; ",
        "frames.path=\"\" ~ frames.path must not be empty",
        "model.path=\" \" ~ model.path must not be empty",
        "frames.manifest=\"\" ~ frames.manifest must not be empty",
        "frames.path=http://localhost:1/frames ~ the frames at http://localhost:1/frames cannot be listed: the web has no folders; ",
        "frames.manifest=http://localhost:1/m.csv ~ the manifest http://localhost:1/m.csv is on the web; ",
        "infer.intra-op-threads=100000 ~ infer.intra-op-threads = 100000 is far more than the ",
        "infer.lanes=2147483647 ~ infer.lanes = 2147483647 is far more than the ",
        "lane.decode-threads=1000000 ~ lane.decode-threads = 1000000 is far more than the ",
        "lane.read-ahead=1000000 ~ lane.read-ahead must be at most 10000: 1000000",
        "infer.batch-size=100000 ~ a batch of 100000 frames of 150528 bytes has more than 2 GB as a tensor; use at most 3566 frames ",
        "infer.batch-size=2147483647 ~ a batch of 2147483647 frames of 150528 bytes has more than 2 GB",
        "frames.path=s3a://KEY:SE/CRET@bucket ~ ",
      })
  void value(String pair, String sentence) {
    Call call = refused(Tandem.infer().set(pair));
    assertThat(call.err()).startsWith(sentence == null ? "" : sentence).doesNotContain("CRET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "frames.path = ${nope} ~ : 1: Could not resolve substitution",
        "tandem = 5 ~ : 1: tandem takes keys of its own, not a value: 5",
        "include url(\"http://localhost:1/x\") ~ : settings include local files only, not: ",
        "infer.batch-size = 4.5 ~ : 1: infer.batch-size takes a whole number, not: 4.5",
      })
  void file(String line, String sentence) throws IOException {
    Path conf = Files.writeString(folder.resolve("my.conf"), line);
    assertThat(refused(Tandem.infer().with("--conf", conf)).err()).startsWith(conf + sentence);
  }

  @Test
  void emptyFrames_arePartOfTheCall() {
    assertThat(refused(Tandem.infer().frames("").set("x=1")).err())
        .startsWith("setting x=1: unknown key x; ");
    assertThat(refused(Tandem.infer().frames("")).err())
        .startsWith("frames.path must not be empty");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "file.fp32= ~ export.fp32.file of the model at MODEL is no name of a file: ''",
        "file.fp32=http: ~ export.fp32.file of the model at MODEL is no name of a file: 'http:'",
        "file.fp32=:\\u0085x\\u0085 ~ export.fp32.file of the model at MODEL is no name of a file: ':",
        "file.fp32=/etc/passwd ~ export.fp32.file of the model at MODEL is no name of a file: '/etc/passwd'",
        "file.fp32=../../x.pt ~ export.fp32.file of the model at MODEL leads too far: ../../x.pt",
        "option.modelName= ~ option.modelName of the model at MODEL is no name of a file: ''",
        "precisions= ~ precisions of the model at MODEL is a list of names, and one of them is empty: ",
        "exports=fp32,,int8 ~ exports of the model at MODEL is a list of names, and one of them is empty: fp32,,int8",
      })
  void lineOfTheModel(String line, String sentence) throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.writeString(model.resolve("serving.properties"), line + "\n");
    Call call = refused(Tandem.command("infer").model(model));
    assertThat(call.err()).startsWith(sentence.replace("MODEL", model.toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-16, häst, is not encoded in UTF-8; save it as UTF-8",
    "UTF-16LE, horse, has a zero byte in label 1; save it as UTF-8",
    "ISO-8859-1, häst, is not encoded in UTF-8; save it as UTF-8"
  })
  void labelsInAnotherEncoding(String charset, String label, String sentence) throws IOException {
    Path model = model();
    Files.write(model.resolve("synset.txt"), (label + "\n").getBytes(Charset.forName(charset)));
    assertThat(refused(Tandem.command("infer").model(model)).err())
        .contains("synset.txt " + sentence);
  }

  @Test
  void labelOfManyCharacters() throws IOException {
    Path model = model();
    Files.writeString(model.resolve("synset.txt"), "horse\n" + "x".repeat(100_000));
    assertThat(refused(Tandem.command("infer").model(model)).err())
        .contains(
            "synset.txt has 100,000 characters in label 2; a label has at most 10,000, and a line by itself");
  }

  @ParameterizedTest
  @CsvSource({"synset.txt, has more than 67", "serving.properties, has more than 1"})
  void textFileWithoutEnd(String name, String sentence) throws IOException {
    Path model = model();
    try (RandomAccessFile file = new RandomAccessFile(model.resolve(name).toFile(), "rw")) {
      file.setLength(1L << 40); // Sparse: a terabyte that takes no room.
    }
    assertThat(refused(Tandem.command("infer").model(model)).err()).contains(name + " " + sentence);
  }

  @Test
  void labelsWithAByteOrderMark_areRead() throws IOException {
    Path model = model();
    String labels = Files.readString(model.resolve("synset.txt"));
    Files.write(model.resolve("synset.txt"), ("\uFEFF" + labels).getBytes(StandardCharsets.UTF_8));
    Call call =
        Tandem.command("infer")
            .model(model)
            .frames(Paths.PHOTOS)
            .output(folder.resolve("out"))
            .run();
    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).doesNotContain("\uFEFF", "\\ufeff");
  }

  @ParameterizedTest
  @CsvSource({"serving.properties", "synset.txt"})
  void folderInPlaceOfATextFile(String name) throws IOException {
    Path model = model();
    Files.delete(model.resolve(name));
    Files.createDirectory(model.resolve(name));
    assertThat(refused(Tandem.command("infer").model(model)).err())
        .contains("%s is a folder; it must be a text file".formatted(name));
  }

  private Path model() throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    try (var files = Files.newDirectoryStream(Paths.MODELS.resolve("mobilenet-float"))) {
      for (Path file : files) {
        Files.copy(file, model.resolve(file.getFileName().toString()));
      }
    }
    if (!Files.exists(model.resolve("synset.txt"))) {
      Files.writeString(model.resolve("synset.txt"), "");
    }
    return model;
  }

  private Call refused(Tandem command) {
    Path out = folder.resolve("out");
    Call call = command.output(out).run();
    assertThat(call.err().lines()).hasSize(1);
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.out()).isEmpty();
    assertThat(out).doesNotExist();
    return call;
  }
}
