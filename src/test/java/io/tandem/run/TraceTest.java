package io.tandem.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small benchmark's telemetry and trace, read back and held against its columns. */
@Tag("spark")
final class TraceTest {
  private static final Set<String> PHASES = Set.of("read", "decode", "forward", "output");

  @TempDir static Path folder;
  private static Path run = Path.of("");
  private static List<JsonNode> events = List.of();

  @BeforeAll
  static void benchmark() throws IOException {
    Path frames = Files.createDirectories(folder.resolve("frames"));
    for (int i = 1; i <= 16; i++) {
      Files.copy(
          Paths.FRAMES.resolve("bigbuckbunny-%04d.jpg".formatted(i)), frames.resolve(i + ".jpg"));
    }
    Files.copy(Paths.IMAGES.resolve("truncated.jpg"), frames.resolve("bad.jpg"));
    run = folder.resolve("run");
    Call call =
        Tandem.benchmark()
            .frames(frames)
            .output(run)
            .shortTrials()
            .set(
                "benchmark.concurrency=[1, 2]",
                "benchmark.rounds=2",
                "benchmark.min-seconds=0.5",
                "lane.decode-threads=1")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    events = read(run);
  }

  private static List<JsonNode> read(Path run) throws IOException {
    JsonNode events = new RunReader(run).json("trace.json.gz").get("traceEvents");
    return StreamSupport.stream(events.spliterator(), false).toList();
  }

  @Test
  void slices_areAsManyAsTheColumnsSay() {
    Map<String, Long> found =
        slices().stream()
            .collect(Collectors.groupingBy(e -> e.get("name").asText(), Collectors.counting()));
    Row frames =
        new RunReader(run)
            .predictions(
                """
                SELECT COUNT_IF(read_us > 0 OR error IS NULL), COUNT_IF(error IS NULL),
                       COUNT(DISTINCT IF(error IS NULL, struct(trial, round, lane, batch), NULL))
                FROM rows
                """)
            .get(0);
    assertThat(found)
        .isEqualTo(
            Map.of(
                "read", frames.getLong(0),
                "decode", frames.getLong(1),
                "forward", frames.getLong(2),
                "output", frames.getLong(2)));
  }

  @Test
  void slices_doNotOverlapWithinATrack_andLieWithinTheirTrial() {
    Map<String, List<JsonNode>> tracks =
        slices().stream().collect(Collectors.groupingBy(e -> e.get("pid") + " " + e.get("tid")));
    assertThat(tracks).hasSizeGreaterThan(4);
    for (List<JsonNode> track : tracks.values()) {
      List<JsonNode> inOrder =
          track.stream().sorted(Comparator.comparingLong(TraceTest::from)).toList();
      for (int i = 1; i < inOrder.size(); i++) {
        assertThat(from(inOrder.get(i)))
            .as("%s after %s", inOrder.get(i), inOrder.get(i - 1))
            .isGreaterThanOrEqualTo(to(inOrder.get(i - 1)));
      }
    }
    Map<String, JsonNode> trials = new HashMap<>();
    for (JsonNode event : events) {
      if (event.path("cat").asText().equals("trial")) {
        trials.put(event.get("name").asText() + event.at("/args/round"), event);
      }
    }
    for (JsonNode slice : slices()) {
      JsonNode trial =
          Objects.requireNonNull(
              trials.get(slice.at("/args/trial").asText() + slice.at("/args/round")));
      assertThat(from(slice)).isGreaterThanOrEqualTo(from(trial));
      assertThat(to(slice)).as("%s in %s", slice, trial).isLessThanOrEqualTo(to(trial));
    }
  }

  @Test
  void instants_showWhenEachLaneWasReady() {
    long lanes = new RunReader(run).lanes("SELECT COUNT(*) FROM rows").get(0).getLong(0);
    for (String what : List.of("model loaded", "warmed up")) {
      assertThat(events)
          .filteredOn(e -> e.get("ph").asText().equals("i") && e.get("name").asText().equals(what))
          .hasSize((int) lanes);
    }
  }

  @Test
  void counters_areThere_asTelemetrySays() {
    Row sampled =
        new RunReader(run)
            .table(
                "telemetry",
                """
                SELECT COUNT(*), MIN(SIZE(core_load)), MIN(array_min(core_load)),
                       MAX(array_max(core_load)), MAX(process_cores), MIN(rss_bytes),
                       COUNT(DISTINCT at_us), SUM(sampler_us), COUNT(clock_offset_us)
                FROM rows
                """)
            .get(0);
    assertThat(sampled.getLong(0)).isGreaterThan(10).isEqualTo(sampled.getLong(6));
    assertThat(sampled.getInt(1)).isPositive();
    assertThat(sampled.getFloat(2)).isNotNegative();
    assertThat(sampled.getFloat(3)).isPositive().isLessThanOrEqualTo(1);
    assertThat(sampled.getFloat(4)).isPositive();
    assertThat(sampled.getLong(5)).isPositive();
    assertThat(sampled.getLong(7)).isPositive();
    assertThat(sampled.getLong(8)).isEqualTo(sampled.getLong(0));
    for (int cpu = 0; cpu < sampled.getInt(1); cpu++) {
      String name = "CPU %d %%".formatted(cpu);
      assertThat(events)
          .filteredOn(e -> e.get("ph").asText().equals("C") && e.get("name").asText().equals(name))
          .hasSize((int) sampled.getLong(0));
    }
    assertThat(events).anyMatch(e -> e.get("name").asText().equals("RSS, MiB"));
  }

  @Test
  void telemetryThatIsSwitchedOff_leavesNoFolder_andTheTraceHasNoCounters() throws IOException {
    Path without = folder.resolve("without");
    Call call =
        Tandem.infer()
            .frames(Paths.PHOTOS)
            .output(without)
            .set("telemetry.enabled=false", "output.trace=true")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(without.resolve("telemetry")).doesNotExist();
    List<JsonNode> inferred = read(without);
    assertThat(inferred).noneMatch(e -> e.get("ph").asText().equals("C"));
    assertThat(inferred)
        .filteredOn(e -> e.get("name").asText().equals("decode"))
        .hasSize(4)
        .anyMatch(e -> e.at("/args/result").asText().startsWith("espresso 0.94, "));
  }

  private static List<JsonNode> slices() {
    List<JsonNode> slices = new ArrayList<>();
    for (JsonNode event : events) {
      if (event.get("ph").asText().equals("X") && PHASES.contains(event.get("name").asText())) {
        slices.add(event);
      }
    }
    return slices;
  }

  private static long from(JsonNode slice) {
    return slice.get("ts").asLong();
  }

  private static long to(JsonNode slice) {
    return from(slice) + slice.get("dur").asLong();
  }
}
