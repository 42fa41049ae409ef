package io.tandem.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Tandem;
import io.tandem.TestFileSystem;
import io.tandem.conf.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests of every format on real Spark, in local mode. */
final class ManifestTest extends ManifestFixture {
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
  void timesInMicrosOrNanoseconds_areTold() throws IOException {
    write(
        "in/m.jsonl",
        """
        {"path": "a.jpg", "length": 8, "modified_at": 1790000000123}
        {"path": "b.jpg", "length": 8, "modified_at": 1790000000123456}
        {"path": "below/c.jpg", "length": 14, "modified_at": 1790000000123456789}
        """);
    assertThat(frames("in/m.jsonl").frames())
        .extracting(Frame::modifiedAtMillis)
        .containsOnly(1790000000123L);
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
  void separatedFiles_areKnownByTheirName(String name, String separator) throws IOException {
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
    assertThat(set.frames()).noneMatch(Frame::isUnreadable);
  }

  @Test
  void duplicates_areListedOnce_withTheFirstRowsColumns_andReported() throws IOException {
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
            "2 rows of the manifest repeat a frame; omitted, and listed in duplicates.csv: row 3 file:%s/in/a.jpg, row 4 file:%s/in/b.jpg"
                .formatted(folder, folder));
  }

  @Test
  void manyDuplicates_areCounted_andTheFirstOnesListed() throws IOException {
    write("in/m.csv", "path\n" + "a.jpg\n".repeat(100_050));
    FrameSet set = frames("in/m.csv");
    assertThat(names(set)).containsExactly("in/a.jpg");
    assertThat(Objects.requireNonNull(set.manifest()).counts())
        .isEqualTo(new ManifestInfo.Counts(100_050, 100_049, 0));
    assertThat(set.duplicates()).hasSize(100_000);
    assertThat(set.duplicates().get(99_999).row()).isEqualTo(100_001);
    assertThat(said.said().get(0)).startsWith("100,049 rows of the manifest repeat a frame; ");
  }

  @Test
  void firstFrames_areCollected_withTheirColumns() throws IOException {
    write("in/m.csv", "path,n\nb.jpg,1\na.jpg,2\nbelow/c.jpg,3\n");
    Settings settings = Tandem.settings("frames.manifest=" + folder.resolve("in/m.csv"));
    FramePlan plan =
        FrameSource.open(settings.frames(), session.hadoop(), new NoVideos()).plan(session, said);
    for (FrameSet first : List.of(plan.collect(2), plan.collect().collect(2))) {
      assertThat(names(first)).containsExactly("in/b.jpg", "in/a.jpg");
      assertThat(columns(first, 1)).containsExactly("2");
    }
    assertThat(names(plan.collect(3))).hasSize(3);
  }

  @Test
  void missingFrames_areKept_andReported_withThreeExamples() throws IOException {
    write("in/m.csv", "path\ngone1\na.jpg\ngone2\nbelow\ngone4\n");
    FrameSet set = frames("in/m.csv");
    assertThat(set.frames())
        .extracting(Frame::isUnreadable)
        .containsExactly(true, false, true, true, true);
    assertThat(set.present()).isEqualTo(1);
    assertThat(said.said())
        .containsExactly(
            "4 of 5 frames cannot be found or opened, and become rows with an error: file:%1$s/in/gone1, file:%1$s/in/gone2, file:%1$s/in/below, ..."
                .formatted(folder));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a://bucket/m.csv", "/m.csv", "m.csv", "lists/m.parquet/"})
  void framesOfAManifest_areWhereItLies(String manifest) {
    String path = Tandem.settings("frames.manifest=" + manifest).frames().path();
    assertThat(List.of("s3a://bucket/", "/", ".", "lists/")).contains(path);
    assertThat(manifest.startsWith(path) || path.equals(".")).isTrue();
  }
}
