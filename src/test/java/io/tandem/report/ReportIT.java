package io.tandem.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.Call;
import io.tandem.Ended;
import io.tandem.Paths;
import io.tandem.Program;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * report.html of a real run in a real headless Chromium. Skipped where TANDEM_BROWSER names none
 * and none is on the path; CI names one.
 */
final class ReportIT {
  private static final String EVIL = "<script>document.title='broken'<b>.jpg";

  @TempDir static Path folder;
  private static Path report = Path.of("");

  @BeforeAll
  static void benchmark() throws IOException {
    assumeTrue(browser().isPresent(), "no Chromium; name one by TANDEM_BROWSER");
    Path frames = Files.createDirectories(folder.resolve("frames"));
    Files.copy(Paths.FRAMES.resolve("bigbuckbunny-0001.jpg"), frames.resolve(EVIL));
    for (int i = 2; i <= 6; i++) {
      Files.copy(
          Paths.FRAMES.resolve("bigbuckbunny-%04d.jpg".formatted(i)), frames.resolve(i + ".jpg"));
    }
    Files.copy(Paths.VIDEOS.resolve("gop12.mp4"), frames.resolve("clip.mp4"));
    Path run = folder.resolve("run");
    Call call =
        Tandem.benchmark()
            .frames(frames)
            .output(run)
            .shortTrials()
            .set(
                "frames.video.limit=6",
                "benchmark.concurrency=[1, 2]",
                "benchmark.rounds=6",
                "benchmark.interval-width=0",
                "benchmark.min-seconds=0.1",
                "benchmark.ceiling-seconds=0.1")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    report = run.resolve("report.html");
  }

  @Test
  void everyChart_hasDrawnItsMarks_andTheConsoleIsSilent() throws Exception {
    Ended visit = visit("--dump-dom");
    String dom = visit.out();
    // Speedup, two timelines, latencies, phases, one executor.
    assertThat(dom).contains("data-drawn=\"6\"");
    List<String> charts = new ArrayList<>();
    Matcher svg = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(dom);
    while (svg.find()) {
      charts.add(svg.group());
    }
    assertThat(charts).hasSize(6);
    for (String chart : charts) {
      assertThat(chart.split("<path", -1).length).as("marks").isGreaterThan(10);
      assertThat(chart).doesNotContain("NaN");
    }
    assertThat(dom)
        .contains("serial baseline")
        .containsPattern("id=\"answer\"><p class=\"lead\">[^<]{20,}</p><p class=\"lead\">[^<]{20,}")
        .containsPattern("id=\"reasons\">[^<]{20,}");
    assertThat(dom.split("<img src=\"data:image/jpeg;base64,", -1)).as("examples").hasSize(1 + 4);
    assertThat(dom).containsPattern("<figcaption>clip, frame 0</figcaption>.*>clip, frame 3</");
    assertThat(visit.err()).doesNotContain("CONSOLE").doesNotContain("Uncaught");
  }

  @Test
  void namesOfFiles_areNeverMarkup() throws Exception {
    assertThat(visit("--dump-dom").out())
        .contains("<title>Tandem: what parallel predictions gained</title>")
        .contains("\\u003cscript>document.title");
    assertThat(Files.readString(report)).doesNotContain(EVIL);
  }

  @Test
  void noRequest_leavesThePage() throws Exception {
    assertThat(Files.readString(report)).doesNotContainPattern("(src|href)=\"(https?:)?//");
    assertThat(requests(report))
        .allMatch(url -> url.startsWith("file:") || url.startsWith("data:"));
    // What this would find in a page that asks for something.
    Path asking = folder.resolve("asking.html");
    Files.writeString(asking, "<img src='http://localhost:9/picture.png'>");
    assertThat(requests(asking)).contains("http://localhost:9/picture.png");
  }

  /** What a page asked for; the browser's own errands are not an origin's. */
  private static List<String> requests(Path page) throws Exception {
    Path log = Files.createTempFile(folder, "net", ".json");
    visit(page, "--log-net-log=" + log, "--dump-dom");
    JsonNode net = new ObjectMapper().readTree(Files.readString(log, StandardCharsets.UTF_8));
    List<String> urls = new ArrayList<>();
    for (JsonNode event : net.get("events")) {
      String initiator = event.at("/params/initiator").asText();
      if (!initiator.isEmpty() && !initiator.equals("not an origin")) {
        urls.add(event.at("/params/url").asText());
      }
    }
    return urls;
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void page_fitsItsWidth(int width) throws Exception {
    Path picture = folder.resolve("report-%d.png".formatted(width));
    visit("--screenshot=" + picture, "--window-size=%d,4200".formatted(width));
    var image = ImageIO.read(picture.toFile());
    assertThat(image.getWidth()).isGreaterThanOrEqualTo(width);
    long colours =
        java.util.stream.IntStream.range(0, image.getHeight() / 7)
            .map(y -> image.getRGB(width / 2, y * 7))
            .distinct()
            .count();
    assertThat(colours).as("a page with something on it").isGreaterThan(5);
    Path kept = Files.createDirectories(Path.of("target/report"));
    Files.copy(
        picture,
        kept.resolve(picture.getFileName()),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static Ended visit(String... options) throws Exception {
    return visit(report, options);
  }

  private static Ended visit(Path page, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(browser().orElseThrow());
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
            "--hide-scrollbars",
            "--enable-logging=stderr",
            "--virtual-time-budget=5000",
            "--user-data-dir=" + Files.createTempDirectory(folder, "profile")));
    command.addAll(List.of(options));
    command.add(page.toUri().toString());
    Ended visit = new Program(folder, command.toArray(String[]::new)).run();
    assertThat(visit.exitCode()).as(visit.err()).isZero();
    return visit;
  }

  private static Optional<String> browser() {
    String named = System.getenv("TANDEM_BROWSER");
    if (named != null && !named.isEmpty()) {
      return Optional.of(named);
    }
    return Stream.of(System.getenv("PATH").split(":"))
        .flatMap(
            path ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(path, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
