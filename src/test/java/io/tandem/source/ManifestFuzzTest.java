package io.tandem.source;

import io.tandem.Foreign;
import io.tandem.Mutations;
import io.tandem.spark.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Manifests, changed at random, list frames, or are refused with a sentence. */
final class ManifestFuzzTest {
  private static final String CSV =
      "path,length,camera\na.jpg,8,\"x, \"\"y\"\"\"\nbelow/c.jpg,9,\ns3a://b/d.jpg,10,z\n";
  private static final String JSON =
      "{\"path\":\"a.jpg\",\"length\":8,\"n\":{\"m\":[1]}}\n{\"path\":\"hdfs://h/b.jpg\",\"length\":9}\n";

  private static Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private static Session session;

  @SuppressWarnings("NullAway.Init")
  private static FramePaths paths;

  @BeforeContainer
  static void open() throws IOException {
    folder = Files.createTempDirectory("manifest");
    session = Session.open("fuzz", null, 1, 1);
    paths = new FramePaths(folder.toString(), new Configuration());
  }

  @AfterContainer
  static void close() throws IOException {
    session.close();
    FileUtils.deleteDirectory(folder.toFile());
  }

  @Provide
  Arbitrary<String> csv() {
    return Mutations.ofTexts(CSV, CSV.replace(',', ';'), CSV.replace(',', '\t'));
  }

  @Provide
  Arbitrary<String> json() {
    return Mutations.ofTexts(JSON, "[" + JSON.replace("\n{", ",{") + "]");
  }

  @Provide
  Arbitrary<String> path() {
    return Mutations.ofTexts(
        "a.jpg", "../below/09:15/c ü%41.jpg", "s3a://bucket/in/d.jpg", "hdfs://host:8020/d?x#y");
  }

  @Property
  void dialect(@ForAll("csv") String csv) throws Exception {
    Foreign.read(() -> files("m.csv", csv));
  }

  @Property
  void path(@ForAll("path") String path) throws Exception {
    Row row = RowFactory.create("m.csv", 0L, 0L, null, path, 1L, null, null, null);
    Foreign.read(() -> new ManifestEntries(paths).entry(row, 1));
  }

  /** Reads with Spark, which takes some hundred times as long as the other properties. */
  @Property(tries = 5)
  void rowsOfCsv(@ForAll("csv") String csv) throws Exception {
    Foreign.read(() -> rows(files("m.csv", csv)));
  }

  @Property(tries = 5)
  void rowsOfJson(@ForAll("json") String json) throws Exception {
    Foreign.read(() -> rows(files("m.jsonl", json)));
  }

  private static ManifestFiles files(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    return ManifestFiles.find(file.toString(), session.hadoop());
  }

  private static List<Object> rows(ManifestFiles files) {
    ManifestTable table = ManifestTable.open(session.spark(), "m", files, "path");
    Dataset<Row> first = table.first(0);
    return List.of(ManifestRows.read(session, "m", first, paths, table.hasLengths()).count());
  }
}
