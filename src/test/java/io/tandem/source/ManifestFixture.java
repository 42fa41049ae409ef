package io.tandem.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.SilentProgress;
import io.tandem.Tandem;
import io.tandem.TestFileSystem;
import io.tandem.conf.Settings;
import io.tandem.spark.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A Spark session, four frames in a folder, and ways to list them by a manifest. */
@Tag("spark")
abstract class ManifestFixture {
  static Session session;

  final SilentProgress said = new SilentProgress();
  @TempDir Path folder;

  @BeforeAll
  static void openSession() {
    session = Session.open("manifests", null, 3, 1);
    session.hadoop().addResource(TestFileSystem.configuration(0));
  }

  @AfterAll
  static void closeSession() {
    session.close();
  }

  @BeforeEach
  void makeFrames() throws IOException {
    Files.createDirectories(folder.resolve("in/below"));
    for (String name : List.of("in/a.jpg", "in/b.jpg", "in/below/c.jpg", "in/10:30 ü%41,x.jpg")) {
      Files.writeString(folder.resolve(name), name);
    }
  }

  @AfterEach
  void reset() {
    TestFileSystem.reset();
  }

  FrameSet frames(String manifest, String... pairs) {
    List<String> all = new ArrayList<>(Arrays.asList(pairs));
    all.add("frames.manifest=" + folder.resolve(manifest));
    Settings settings = Tandem.settings(all.toArray(String[]::new));
    return FrameSource.open(settings.frames(), session.hadoop(), new NoVideos())
        .plan(session, said)
        .collect();
  }

  void refused(String manifest, String sentence) {
    assertThatThrownBy(() -> frames(manifest))
        .isInstanceOf(FramesException.class)
        .hasMessageStartingWith(sentence);
  }

  void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  List<String> names(FrameSet set) {
    return set.frames().stream()
        .map(frame -> frame.path().replaceFirst("^(file|test):" + folder + "/", ""))
        .toList();
  }

  static String types(FrameSet set) {
    StructType schema = Objects.requireNonNull(set.columns());
    return String.join(
        ",", Arrays.stream(schema.fields()).map(f -> f.name() + " " + f.dataType().sql()).toList());
  }

  static Row row(FrameSet set, int index) {
    return Objects.requireNonNull(
        set.split(List.of(set.frames().get(index))).columnsOf(set.frames().get(index)));
  }

  static List<Object> columns(FrameSet set, int index) {
    Row row = row(set, index);
    return IntStream.range(0, row.size()).mapToObj(row::get).toList();
  }
}
