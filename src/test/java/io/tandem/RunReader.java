package io.tandem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.univocity.parsers.common.record.Record;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Row;

/** Reads what a run left in a folder of this machine, which may be made later. */
public record RunReader(Path folder) {

  /** Returns a file or folder of the run. */
  public Path resolve(String name) {
    return folder.resolve(name);
  }

  /** Returns the rows of a query over the view {@code rows} of the predictions. */
  public List<Row> predictions(String sql) {
    return table("predictions", sql);
  }

  /** Returns the rows of a query over the view {@code rows} of the lanes. */
  public List<Row> lanes(String sql) {
    return table("lanes", sql);
  }

  /** Returns the rows of a query over the view {@code rows} of one of the run's tables. */
  public List<Row> table(String name, String sql) {
    return Rows.of(resolve(name).toString(), sql);
  }

  /** Returns the lines of a CSV file below its header, each by the columns' names. */
  public List<Map<String, String>> csv(String name) throws IOException {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setHeaderExtractionEnabled(true);
    settings.setNullValue("");
    settings.setMaxCharsPerColumn(-1);
    settings.getFormat().setLineSeparator("\n");
    return new CsvParser(settings)
        .parseAllRecords(new StringReader(text(name))).stream().map(RunReader::cells).toList();
  }

  private static Map<String, String> cells(Record row) {
    Map<String, String> cells = new LinkedHashMap<>();
    for (String name : row.getMetaData().headers()) {
      cells.put(name, row.getString(name));
    }
    return cells;
  }

  /** Returns the one line of a CSV file whose cells include these. */
  public Map<String, String> csvRow(String name, Map<String, String> cells) throws IOException {
    List<Map<String, String>> found =
        csv(name).stream().filter(row -> row.entrySet().containsAll(cells.entrySet())).toList();
    if (found.size() != 1) {
      throw new AssertionError("%d rows of %s have %s".formatted(found.size(), name, cells));
    }
    return found.get(0);
  }

  /** Returns a text file, unpacked if its name ends in {@code .gz}. */
  public String text(String name) throws IOException {
    if (!name.endsWith(".gz")) {
      return Files.readString(resolve(name));
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(resolve(name)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Returns a JSON file, unpacked if its name ends in {@code .gz}. */
  public JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(text(name));
  }

  /** Returns the concurrency of each trial by its id, from the summary. */
  public Map<String, Integer> concurrency() throws IOException {
    return csv("summary/speedup.csv").stream()
        .collect(
            Collectors.toMap(
                row -> Objects.requireNonNull(row.get("trial")),
                row -> Integer.valueOf(Objects.requireNonNull(row.get("concurrency")))));
  }
}
