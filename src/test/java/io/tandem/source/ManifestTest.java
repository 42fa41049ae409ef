package io.tandem.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.SilentProgress;
import io.tandem.Tandem;
import io.tandem.TestFileSystem;
import io.tandem.conf.Settings;
import io.tandem.spark.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests of every format on real Spark, in local mode, and files that are there or not. */
final class ManifestTest {
  private static Session session;

  private final SilentProgress said = new SilentProgress();
  @TempDir private Path folder;

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

  @Test
  void csv_keepsItsOrder_andItsValuesAsText() throws IOException {
    write(
        "in/m.csv",
        """
        camera,path,label,taken at
        0042,b.jpg,"says ""no"", twice",2026-10-03
        ,below/c.jpg,,
        0007,a.jpg,1e5,x
        """);
    FrameSet set = frames("in/m.csv");
    assertThat(names(set)).containsExactly("in/b.jpg", "in/below/c.jpg", "in/a.jpg");
    assertThat(set.frames()).extracting(Frame::index).containsExactly(0, 1, 2);
    assertThat(set.frames()).extracting(Frame::length).containsExactly(8L, 14L, 8L);
    assertThat(set.frames().get(0).modifiedAtMillis())
        .isEqualTo(Files.getLastModifiedTime(folder.resolve("in/b.jpg")).toMillis());
    assertThat(types(set)).isEqualTo("camera STRING,label STRING,taken at STRING");
    assertThat(columns(set, 0)).containsExactly("0042", "says \"no\", twice", "2026-10-03");
    assertThat(columns(set, 1)).containsExactly(null, null, null);
    assertThat(columns(set, 2)).containsExactly("0007", "1e5", "x");
    assertThat(set.phrase()).isEqualTo("3 frames of m.csv");
    assertThat(said.said()).isEmpty();
  }

  @Test
  void csvOfASpreadsheet_withByteOrderMarkAndCrLf_isRead() throws IOException {
    write("in/m.csv", "\uFEFFpath,camera\r\na.jpg,0042\r\n\r\nb.jpg,0007\r\n");
    FrameSet set = frames("in/m.csv");
    assertThat(names(set)).containsExactly("in/a.jpg", "in/b.jpg");
    assertThat(columns(set, 1)).containsExactly("0007");
  }

  @Test
  void jsonLines_keepTheirTypes() throws IOException {
    write(
        "in/m.jsonl",
        """
        {"path": "b.jpg", "camera": "0042", "n": 3, "score": 0.5, "day": {"hour": 7}, "tags": ["x"]}
        {"path": "a.jpg", "n": null, "ok": true}
        """);
    FrameSet set = frames("in/m.jsonl");
    assertThat(names(set)).containsExactly("in/b.jpg", "in/a.jpg");
    assertThat(types(set))
        .isEqualTo(
            "camera STRING,day STRUCT<hour: BIGINT>,n BIGINT,ok BOOLEAN,score DOUBLE,tags ARRAY<STRING>");
    Row first = row(set, 0);
    assertThat(first.getLong(2)).isEqualTo(3);
    assertThat(first.getStruct(1).getLong(0)).isEqualTo(7);
    assertThat(first.<String>getList(5)).containsExactly("x");
    assertThat(columns(set, 1)).containsExactly(null, null, null, true, null, null);
  }

  @Test
  void parquet_keepsItsTypesAndOrder_alsoAsAFolder() {
    session
        .spark()
        .sql(
            """
            SELECT concat('in/', x) file, timestamp_millis(at) taken, CAST(1.50 AS DECIMAL(5,2)) price
            FROM VALUES ('b.jpg', 1700000000123L), ('a.jpg', NULL), ('below/c.jpg', 5L) AS t(x, at)
            """)
        .coalesce(1)
        .write()
        .parquet(folder.resolve("m.parquet").toString());
    FrameSet set = frames("m.parquet", "frames.manifest-column=file");
    assertThat(names(set)).containsExactly("in/b.jpg", "in/a.jpg", "in/below/c.jpg");
    assertThat(types(set)).isEqualTo("taken TIMESTAMP,price DECIMAL(5,2)");
    assertThat(row(set, 0).getTimestamp(0)).isEqualTo(new Timestamp(1700000000123L));
    assertThat(row(set, 1).get(0)).isNull();
    assertThat(row(set, 1).getDecimal(1)).isEqualByComparingTo("1.5");
  }

  @ParameterizedTest
  @CsvSource({"m.csv.gz,','", "m.tsv,'\t'", "m.tsv.gz,'\t'"})
  void separatedFiles_areToldByTheirName(String name, String separator) throws IOException {
    String text = "path,camera\na.jpg,1\nb.jpg,2\n".replace(",", separator);
    Path file = folder.resolve("in").resolve(name);
    try (OutputStream out =
        name.endsWith(".gz")
            ? new GZIPOutputStream(Files.newOutputStream(file))
            : Files.newOutputStream(file)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    FrameSet set = frames("in/" + name);
    assertThat(names(set)).containsExactly("in/a.jpg", "in/b.jpg");
    assertThat(columns(set, 1)).containsExactly("2");
  }

  @Test
  void folderOfFiles_isReadInTheOrderOfTheirNames_andAllOfThem() throws IOException {
    Files.createDirectories(folder.resolve("lists"));
    for (int file = 0; file < 3; file++) {
      StringBuilder text = new StringBuilder("path,length\n");
      for (int i = 0; i < 1000; i++) {
        text.append("f-%d-%04d.jpg,1\n".formatted(2 - file, i));
      }
      write("lists/part-%d.csv".formatted(2 - file), text.toString());
    }
    Files.writeString(folder.resolve("lists/_SUCCESS"), "");
    List<String> names = names(frames("lists"));
    assertThat(names).hasSize(3000).isSorted().startsWith("f-0-0000.jpg");
  }

  @Test
  void largeFile_thatManyTasksRead_keepsItsOrder() throws IOException {
    session.spark().conf().set("spark.sql.files.maxPartitionBytes", "64k");
    try {
      StringBuilder text = new StringBuilder("path,length,n\n");
      for (int i = 0; i < 50_000; i++) {
        text.append("f-%06d.jpg,%d,%d\n".formatted(i, i + 1, i));
      }
      write("m.csv", text.toString());
      FrameSet set = frames("m.csv");
      assertThat(names(set)).hasSize(50_000).isSorted();
      for (Frame frame : set.frames()) {
        assertThat(frame.length()).isEqualTo(frame.index() + 1L);
        assertThat(row(set, frame.index()).getString(0)).isEqualTo("" + frame.index());
      }
      assertThat(frames("m.csv", "frames.limit=7").size()).isEqualTo(7);
    } finally {
      session.spark().conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  @Test
  void paths_areRelativeToTheManifest_orToTheFrames_orWhole() throws IOException {
    String rest =
        "%s\n%s\n"
            .formatted(folder.resolve("in/b.jpg"), TestFileSystem.url(folder.resolve("in/a.jpg")));
    write("lists/m.csv", "path\n../in/./a.jpg\n" + rest);
    assertThat(names(frames("lists/m.csv"))).containsExactly("in/a.jpg", "in/b.jpg", "in/a.jpg");
    write("lists/m.csv", "path\nbelow/c.jpg\n\"10:30 ü%41,x.jpg\"\n" + rest);
    FrameSet set = frames("lists/m.csv", "frames.path=" + folder.resolve("in"));
    assertThat(names(set))
        .containsExactly("in/below/c.jpg", "in/10:30 ü%41,x.jpg", "in/b.jpg", "in/a.jpg");
    assertThat(set.frames()).noneMatch(Frame::missing);
  }

  @Test
  void duplicates_areListedOnce_withTheFirstRowsColumns_andTold() throws IOException {
    write(
        "in/m.csv",
        """
        path,n
        a.jpg,1
        b.jpg,2
        below/../a.jpg,3
        %s,4
        """
            .formatted(folder.resolve("in/b.jpg")));
    FrameSet set = frames("in/m.csv");
    assertThat(names(set)).containsExactly("in/a.jpg", "in/b.jpg");
    assertThat(columns(set, 0)).containsExactly("1");
    assertThat(columns(set, 1)).containsExactly("2");
    assertThat(set.duplicates()).hasSize(2);
    assertThat(said.said())
        .containsExactly(
            "2 rows of the manifest name a frame again, left out and kept in duplicates.csv: row 3 file:%s/in/a.jpg, row 4 file:%s/in/b.jpg"
                .formatted(folder, folder));
  }

  @Test
  void missingFrames_areKept_andTold_withThreeExamples() throws IOException {
    write("in/m.csv", "path\ngone1\na.jpg\ngone2\nbelow\ngone4\n");
    FrameSet set = frames("in/m.csv");
    assertThat(set.frames())
        .extracting(Frame::missing)
        .containsExactly(true, false, true, true, true);
    assertThat(set.present()).isEqualTo(1);
    assertThat(said.said())
        .containsExactly(
            "4 of 5 frames do not exist, and become rows with an error: file:%1$s/in/gone1, file:%1$s/in/gone2, file:%1$s/in/below, ..."
                .formatted(folder));
  }

  @Test
  void lengths_thatTheManifestHas_areBelieved_andNobodyIsAsked() throws IOException {
    String a = TestFileSystem.url(folder.resolve("in/a.jpg"));
    write("m.csv", "path,length,modified_at,camera\n%s,77,1700000000123,1\n".formatted(a));
    write("t.csv", "path,length,modified_at\n%s,77,2023-11-14T22:13:20.123Z\n".formatted(a));
    write(
        "m.jsonl",
        "{\"path\": \"%s\", \"length\": 77.0, \"modified_at\": 1700000000123}".formatted(a));
    for (String manifest : List.of("m.csv", "t.csv", "m.jsonl")) {
      FrameSet set = frames(manifest);
      assertThat(set.frames()).as(manifest).containsExactly(Frame.image(a, 77, 1700000000123L, 0));
    }
    assertThat(types(frames("m.csv"))).isEqualTo("modified_at STRING,camera STRING");
    assertThat(TestFileSystem.ASKED).isEmpty();
  }

  @Test
  void lengths_thatSomeRowsLack_areAskedForThese() throws IOException {
    write(
        "m.csv",
        "path,length\n%s,77\n%s,\n"
            .formatted(
                TestFileSystem.url(folder.resolve("in/a.jpg")),
                TestFileSystem.url(folder.resolve("in/b.jpg"))));
    assertThat(frames("m.csv").frames()).extracting(Frame::length).containsExactly(77L, 8L);
    assertThat(TestFileSystem.ASKED).containsOnlyKeys("b.jpg");
  }

  @Test
  void columnNamedLength_withoutNumbers_goesAlong() throws IOException {
    write("in/m.csv", "path,length,modified_at\na.jpg,00:12,1\nb.jpg,12,2\n");
    FrameSet set = frames("in/m.csv");
    assertThat(types(set)).isEqualTo("length STRING,modified_at STRING");
    assertThat(set.frames()).extracting(Frame::length).containsExactly(8L, 8L);
  }

  @Test
  void lengths_areAskedForByTasks_manyAtOnce() throws IOException {
    StringBuilder text = new StringBuilder("path\n");
    for (int i = 0; i < 200; i++) {
      Path frame = Files.writeString(folder.resolve("in/%03d.jpg".formatted(i)), "x".repeat(i));
      text.append(TestFileSystem.url(frame)).append('\n');
    }
    write("m.csv", text.toString());
    session.hadoop().setLong("test.status.millis", 20);
    try {
      FrameSet set = frames("m.csv");
      assertThat(set.frames())
          .extracting(Frame::length)
          .containsExactlyElementsOf(IntStream.range(0, 200).mapToObj(i -> (long) i).toList());
    } finally {
      session.hadoop().unset("test.status.millis");
    }
    assertThat(TestFileSystem.ASKED).hasSize(200);
    assertThat(TestFileSystem.ASKED.values())
        .allMatch(thread -> thread.matches("tandem-length-[012]"));
    assertThat(TestFileSystem.mostAskedAtOnce())
        .isBetween(FrameLengths.AT_ONCE, 3 * FrameLengths.AT_ONCE);
  }

  @Test
  void tasks_thatAsk_fillTheSlots_andAreNeitherIdleNorHuge() {
    assertThat(FrameLengths.tasks(1, 100)).isEqualTo(1);
    assertThat(FrameLengths.tasks(200, 4)).isEqualTo(4);
    assertThat(FrameLengths.tasks(50, 100)).isEqualTo(4);
    assertThat(FrameLengths.tasks(1_000_000, 100)).isEqualTo(977);
  }

  @Test
  void accessThatIsDenied_isASentence_andNoMissingFrame() throws IOException {
    TestFileSystem.STATUSES.put(
        "b.jpg",
        () -> {
          throw new AccessControlException("Permission denied: user=x");
        });
    String b = TestFileSystem.url(folder.resolve("in/b.jpg"));
    write("in/m.csv", "path\na.jpg\n%s\n".formatted(b));
    refused(
        "in/m.csv",
        "cannot look up whether a frame exists, and its length: %s (Permission denied: user=x); allow the access, or give the manifest a column length"
            .formatted(b));
  }

  @Test
  void noFrameThere_isRefused() throws IOException {
    write("in/m.csv", "path\nx.jpg\ny.jpg\n");
    refused(
        "in/m.csv",
        "no frame of the manifest %1$s/in/m.csv exists: file:%1$s/in/x.jpg, file:%1$s/in/y.jpg; relative paths are relative to frames.path, by default the manifest's folder"
            .formatted(folder));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "m.csv|path,n\\na.jpg,1\\nb.jpg|row 2 of the manifest M is malformed: b.jpg; fix it",
        "m.csv|path,n\\na.jpg,1\\nb.jpg,1,2|row 2 of the manifest M is malformed: b.jpg,1,2; fix it",
        "m.jsonl|{\"path\":\"a.jpg\"}\\n{\"path\":|row 2 of the manifest M is malformed: {\"path\":; fix it",
        "m.csv|path,n\\na.jpg,1\\n,2|row 2 of the manifest M has no path; fix it",
        "m.jsonl|{\"path\":\"a.jpg\"}\\n{\"n\":1}|row 2 of the manifest M has no path; fix it",
        "m.csv|file,n\\na.jpg,1|the manifest M has no column path; it has file, n; choose the column",
        "m.jsonl|{\"path\":1}|the manifest M has no text in its column path, but bigint; choose the column",
        "m.csv|path,n\\n|the manifest M has no rows",
        "m.csv|''|the manifest M is empty",
        "m.jsonl|''|the manifest M is empty",
        "m.csv|path,length\\na.jpg,8\\nb.jpg,8.5|row 2 of the manifest M has no number of bytes in its column length: 8.5; fix it",
        "m.csv|path,length\\na.jpg,8\\nb.jpg,-1|row 2 of the manifest M has no number of bytes in its column length: -1; fix it",
        "m.jsonl|{\"path\":\"a.jpg\",\"length\":8.5}|row 1 of the manifest M has no number of bytes in its column length: 8.5; fix it",
        "m.parquet|text|the manifest M cannot be read: ",
        "m.txt|a.jpg|the manifest M is of no known format; a manifest's files are named",
      })
  void mistakes_areToldInASentence(String name, String text, String sentence) throws IOException {
    write("in/" + name, text.replace("\\n", "\n"));
    refused("in/" + name, sentence.replace(" M ", " %s ".formatted(folder.resolve("in/" + name))));
  }

  @Test
  void manifestThatIsNotThere_isToldInASentence() throws IOException {
    refused(
        "gone.csv",
        "no manifest at %s; there is no such file".formatted(folder.resolve("gone.csv")));
    Files.createDirectories(folder.resolve("none"));
    refused("none", "the manifest %s is a folder without a file".formatted(folder.resolve("none")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a://bucket/m.csv", "/m.csv", "m.csv", "lists/m.parquet/"})
  void framesOfAManifest_areWhereItLies(String manifest) {
    String path = Tandem.settings("frames.manifest=" + manifest).frames().path();
    assertThat(List.of("s3a://bucket/", "/", ".", "lists/")).contains(path);
    assertThat(manifest.startsWith(path) || path.equals(".")).isTrue();
  }

  private FrameSet frames(String manifest, String... pairs) {
    List<String> all = new ArrayList<>(Arrays.asList(pairs));
    all.add("frames.manifest=" + folder.resolve(manifest));
    Settings settings = Tandem.settings(all.toArray(String[]::new));
    return FrameSource.open(settings.frames(), session.hadoop()).plan(session, said).collect();
  }

  private void refused(String manifest, String sentence) {
    assertThatThrownBy(() -> frames(manifest))
        .isInstanceOf(FramesException.class)
        .hasMessageStartingWith(sentence);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  private List<String> names(FrameSet set) {
    return set.frames().stream()
        .map(frame -> frame.path().replaceFirst("^(file|test):" + folder + "/", ""))
        .toList();
  }

  private static String types(FrameSet set) {
    StructType schema = Objects.requireNonNull(set.columns());
    return String.join(
        ",", Arrays.stream(schema.fields()).map(f -> f.name() + " " + f.dataType().sql()).toList());
  }

  private static Row row(FrameSet set, int index) {
    return Objects.requireNonNull(
        set.split(List.of(set.frames().get(index))).columnsOf(set.frames().get(index)));
  }

  private static List<Object> columns(FrameSet set, int index) {
    Row row = row(set, index);
    return IntStream.range(0, row.size()).mapToObj(row::get).toList();
  }
}
