package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.FaultyProxy;
import io.tandem.FaultyProxy.Fault;
import io.tandem.Paths;
import io.tandem.S3Server;
import io.tandem.run.Rows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.statistics.IOStatistics;
import org.apache.hadoop.fs.statistics.IOStatisticsSource;
import org.apache.hadoop.fs.statistics.StoreStatisticNames;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Frames, model and output in an S3 that wants signed requests; and what its network does to it.
 */
final class S3IT {
  private static final String FRAMES = "s3a://frames/clip";
  private static final String MODEL = "s3a://models/efficientnet-lite0";

  @TempDir static java.nio.file.Path folder;
  private static S3Server server;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3Server.start(folder);
    for (String bucket : List.of("frames", "models", "runs")) {
      server.makeBucket(bucket);
    }
    FileSystem frames = FileSystem.newInstance(new Path(FRAMES).toUri(), server.hadoop());
    try (Stream<java.nio.file.Path> files = Files.list(Paths.FRAMES)) {
      for (java.nio.file.Path file : files.sorted().limit(12).toList()) {
        frames.copyFromLocalFile(
            new Path(file.toUri()), new Path(FRAMES, file.getFileName().toString()));
      }
    }
    frames.close();
    FileSystem models = FileSystem.newInstance(new Path(MODEL).toUri(), server.hadoop());
    for (String file : List.of("serving.properties", "synset.txt", "efficientnet-lite0-fp32.pt")) {
      models.copyFromLocalFile(
          new Path(Paths.EFFICIENTNET.resolve(file).toUri()), new Path(MODEL, file));
    }
    models.close();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void forgetConnections() throws IOException {
    System.getProperties().keySet().removeIf(key -> key.toString().startsWith("spark.hadoop."));
    FileSystem.closeAll();
  }

  @Test
  void everyCommand_worksOnBuckets_andRenamesNothing() throws IOException {
    connect(server.port(), S3Server.SECRET_KEY);
    Call infer = tandem("infer", "--output", "s3a://runs/infer");
    assertThat(infer.exitCode()).as(infer.err()).isZero();
    assertThat(infer.out()).contains("12 frames, 0 failed; ");
    Call benchmark =
        tandem(
            "benchmark",
            "--output",
            "s3a://runs/first",
            "--set",
            "benchmark.concurrency=[2]",
            "--set",
            "benchmark.rounds=1",
            "--set",
            "benchmark.min-seconds=0.2",
            "--set",
            "benchmark.ceiling-seconds=0.1");
    assertThat(benchmark.exitCode()).as(benchmark.err()).isZero();
    assertThat(copies("runs")).as("objects that were copied").isZero();

    Call summarize = Call.tandem("summarize", "s3a://runs/first");
    assertThat(summarize.exitCode()).as(summarize.err()).isZero();
    assertThat(summarize.out()).contains("one by one");
    Call compare = Call.tandem("compare", "s3a://runs/first", "s3a://runs/first");
    assertThat(compare.exitCode()).as(compare.err()).isZero();
    assertThat(compare.out()).contains("cpu-2x1-b4-fp32-executor");

    Map<String, byte[]> objects = objects("s3a://runs/");
    assertThat(objects.keySet())
        .contains("/infer/predictions/_SUCCESS", "/first/report.html", "/first/summary/speedup.csv")
        .noneMatch(name -> name.contains("__magic") || name.contains("_temporary"))
        .noneMatch(name -> name.contains("_staging") || name.contains("/_part"));
    for (String table : List.of("infer/predictions", "first/predictions", "first/lanes")) {
      assertThat(new String(objects.get("/" + table + "/_SUCCESS"), StandardCharsets.UTF_8))
          .as("who committed %s", table)
          .containsPattern("\"committer\" ?: ?\"magic\"");
    }
  }

  @Test
  void manifest_liesBesideItsFrames_orNamesThemAsAmazonDoes() throws IOException {
    try (FileSystem fs = FileSystem.newInstance(new Path(FRAMES).toUri(), server.hadoop());
        OutputStream out = fs.create(new Path("s3a://frames/list.csv"))) {
      out.write(
          """
          path,camera
          clip/bigbuckbunny-0001.jpg,north
          s3://frames/clip/bigbuckbunny-0002.jpg,south
          clip/gone.jpg,west
          """
              .getBytes(StandardCharsets.UTF_8));
    }
    connect(server.port(), S3Server.SECRET_KEY);
    Call call =
        Call.tandem(
            "infer",
            "--manifest",
            "s3a://frames/list.csv",
            "--model",
            MODEL,
            "--output",
            out("manifest"));
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).contains("3 frames, 1 failed; ");
    assertThat(rows("manifest", "SELECT manifest.camera, error FROM rows ORDER BY frame_index"))
        .extracting(Row::mkString)
        .containsExactly("northnull", "southnull", "westthere is no such file");
  }

  @Test
  void keys_areNowhere() throws Exception {
    Process process =
        submit(
            Map.of(
                "AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY),
            server.port(),
            "benchmark",
            "--output",
            "s3a://runs/secret",
            "--set",
            "benchmark.rounds=1",
            "--set",
            "benchmark.min-seconds=0.2",
            "--set",
            "benchmark.concurrency=[2]",
            "--set",
            "benchmark.ceiling-seconds=0");
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    String printed = Files.readString(folder.resolve("printed.txt"));
    assertThat(process.exitValue()).as(printed).isZero();
    assertThat(printed).contains("one by one").doesNotContain(S3Server.SECRET_KEY);
    Map<String, byte[]> objects = objects("s3a://runs/secret/");
    assertThat(objects.keySet()).contains("/secret/settings.conf", "/secret/trace.json.gz");
    for (Map.Entry<String, byte[]> object : objects.entrySet()) {
      assertThat(text(object.getValue()))
          .as(object.getKey())
          .doesNotContain(S3Server.SECRET_KEY)
          .doesNotContain(S3Server.ACCESS_KEY);
    }
    assertThat(process.info().commandLine().orElse("")).doesNotContain(S3Server.SECRET_KEY);
  }

  @Test
  void wrongSecret_isASentence() {
    connect(server.port(), "not-the-secret");
    Call call = tandem("infer", "--output", folder.resolve("none").toString());
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err())
        .contains("s3a://")
        .contains(": access is denied; the credentials are wrong, or do not allow this")
        .hasLineCount(1);
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void bucketThatIsNot_isASentence() {
    connect(server.port(), S3Server.SECRET_KEY);
    for (String[] call :
        new String[][] {
          {"infer", "--frames", "s3a://no-such/clip", "--model", MODEL},
          {"infer", "--frames", FRAMES, "--model", "s3a://no-such/model"},
          {"infer", "--frames", FRAMES, "--model", MODEL, "--output", "s3a://no-such/run"},
          {"summarize", "s3a://no-such/run"},
        }) {
      Call ended = Call.tandem(call);
      assertThat(ended.exitCode()).as(ended.err()).isEqualTo(2);
      assertThat(ended.err())
          .contains("s3a://no-such/")
          .contains(": there is no such bucket")
          .hasLineCount(1);
    }
  }

  @Test
  void endpointWhereNobodyListens_isASentenceAtOnce() {
    connect(1, S3Server.SECRET_KEY);
    for (String[] call :
        new String[][] {
          {"infer", "--frames", FRAMES, "--output", out("none")},
          {"infer", "--manifest", "s3a://frames/list.csv", "--output", out("none")},
          {"infer", "--model", MODEL, "--output", out("none")},
          {"summarize", "s3a://runs/first"},
        }) {
      Call ended = Call.tandem(call);
      assertThat(ended.exitCode()).as(ended.err()).isEqualTo(2);
      assertThat(ended.err())
          .startsWith("no server listens at http://127.0.0.1:1, which fs.s3a.endpoint names for s3")
          .hasLineCount(1);
    }
  }

  @Test
  void deniedPrefix_isASentence() throws IOException {
    try (FaultyProxy proxy =
        new FaultyProxy(
            server.port(),
            (request, number) ->
                request.contains("/runs/denied") || request.contains("prefix=denied")
                    ? new Fault.Answered(403, "AccessDenied")
                    : Fault.NONE)) {
      connect(proxy.port(), S3Server.SECRET_KEY);
      Call call = tandem("infer", "--output", "s3a://runs/denied/run");
      assertThat(call.exitCode()).as(call.err()).isEqualTo(2);
      assertThat(call.err())
          .contains("s3a://runs/denied/run")
          .contains("access is denied; the credentials are wrong, or do not allow this")
          .hasLineCount(1);
      assertThat(proxy.met(Fault.Answered.class)).isPositive();
    }
  }

  /** The list may be read, the objects may not. */
  @Test
  void deniedFrames_areRowsThatSaySo() throws IOException {
    try (FaultyProxy proxy =
        new FaultyProxy(
            server.port(),
            (request, number) ->
                request.startsWith("GET /frames/clip/bigbuckbunny-0001")
                    ? new Fault.Answered(403, "AccessDenied")
                    : Fault.NONE)) {
      connect(proxy.port(), S3Server.SECRET_KEY);
      Call call = tandem("infer", "--output", out("denied-frame"));
      assertThat(call.exitCode()).as(call.err()).isZero();
      assertThat(call.out()).contains("12 frames, 1 failed; ");
    }
    assertThat(rows("denied-frame", "SELECT error FROM rows WHERE error IS NOT NULL"))
        .extracting(row -> row.getString(0))
        .containsExactly(
            "cannot be read: access is denied; the credentials are wrong, or do not allow this");
  }

  @Test
  void busyServer_losesNoFrame() throws IOException {
    try (FaultyProxy proxy =
        new FaultyProxy(
            server.port(),
            (request, number) ->
                number % 5 == 0 ? new Fault.Answered(503, "SlowDown") : Fault.NONE)) {
      connect(proxy.port(), S3Server.SECRET_KEY);
      Call call = tandem("infer", "--output", "s3a://runs/busy");
      assertThat(call.exitCode()).as(call.err()).isZero();
      assertThat(proxy.met(Fault.Answered.class)).isGreaterThan(10);
    }
    forgetConnections();
    connect(server.port(), S3Server.SECRET_KEY);
    assertEveryFrameOnce(Rows.of("s3a://runs/busy/predictions", ONCE));
  }

  @Test
  void connectionsThatDrop_loseNoFrame() throws IOException {
    AtomicInteger gets = new AtomicInteger();
    try (FaultyProxy proxy =
        new FaultyProxy(
            server.port(),
            (request, number) ->
                request.startsWith("GET /frames/clip/") && gets.incrementAndGet() % 3 == 0
                    ? new Fault.CutOff(20_000)
                    : Fault.NONE)) {
      connect(proxy.port(), S3Server.SECRET_KEY);
      Call call = tandem("infer", "--output", out("dropped"));
      assertThat(call.exitCode()).as(call.err()).isZero();
      assertThat(proxy.met(Fault.CutOff.class)).isGreaterThanOrEqualTo(4);
    }
    assertEveryFrameOnce(rows("dropped", ONCE));
  }

  @Test
  void slowServer_isAskedForManyFramesAtOnce() throws IOException {
    try (FaultyProxy proxy =
        new FaultyProxy(server.port(), (request, number) -> new Fault.Delayed(50))) {
      connect(proxy.port(), S3Server.SECRET_KEY);
      Call call =
          tandem(
              "infer",
              "--output",
              out("slow"),
              "--set",
              "infer.intra-op-threads=2"); // One lane on two cores.
      assertThat(call.exitCode()).as(call.err()).isZero();
      assertThat(proxy.mostAtOnce()).isGreaterThan(4);
    }
    assertEveryFrameOnce(rows("slow", ONCE));
  }

  @Test
  void model_isFetchedOnceAHost() throws Exception {
    AtomicInteger gets = new AtomicInteger();
    try (FaultyProxy proxy =
        new FaultyProxy(
            server.port(),
            (request, number) -> {
              if (request.startsWith("GET /models/") && request.contains(".pt")) {
                gets.incrementAndGet();
              }
              return Fault.NONE;
            })) {
      Process process =
          submit(
              Map.of(
                  "AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY,
                  "AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY),
              proxy.port(),
              "--master",
              "local-cluster[2,1,1536]",
              "infer",
              "--output",
              out("two-executors"),
              "--set",
              "engine.cache-dir=" + folder.resolve("cache"),
              "--set",
              "infer.frames-per-task=4");
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(folder.resolve("printed.txt"))).isZero();
    }
    assertThat(rows("two-executors", "SELECT DISTINCT executor FROM rows")).hasSize(2);
    assertThat(gets.get()).as("one for its fingerprint, one for both executors").isEqualTo(2);
    try (Stream<java.nio.file.Path> files = Files.walk(folder.resolve("cache/models"))) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("lock", "efficientnet-lite0-fp32.pt");
    }
  }

  private static final String ONCE =
      "SELECT path, count(*), count(label), count(error) FROM rows GROUP BY path";

  private static void assertEveryFrameOnce(List<Row> rows) {
    assertThat(rows)
        .hasSize(12)
        .allSatisfy(
            row -> {
              assertThat(row.getLong(1)).isEqualTo(1);
              assertThat(row.getLong(2)).isEqualTo(1);
              assertThat(row.getLong(3)).isZero();
            });
  }

  private static String out(String name) {
    return folder.resolve(name).toString();
  }

  private static List<Row> rows(String run, String sql) {
    return Rows.of(folder.resolve(run).resolve("predictions").toString(), sql);
  }

  /** As spark-submit's options would, for commands in this JVM. */
  private static void connect(int port, String secret) {
    S3Server.endpoint(port)
        .forEach((key, value) -> System.setProperty("spark.hadoop." + key, value));
    System.setProperty("spark.hadoop.fs.s3a.access.key", S3Server.ACCESS_KEY);
    System.setProperty("spark.hadoop.fs.s3a.secret.key", secret);
  }

  private static Call tandem(String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--frames", FRAMES, "--model", MODEL));
    args.addAll(List.of(more));
    return Call.tandem(args.toArray(String[]::new));
  }

  /** As a process; what it prints goes to printed.txt. */
  private static Process submit(Map<String, String> environment, int port, String... args)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("./submit.sh"));
    S3Server.endpoint(port)
        .forEach(
            (key, value) -> command.addAll(List.of("--conf", "spark.hadoop." + key + "=" + value)));
    command.addAll(List.of(args));
    command.addAll(List.of("--frames", FRAMES, "--model", MODEL));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("printed.txt").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** How many objects this JVM's connection to a bucket has copied, which is how S3A renames. */
  private static long copies(String bucket) throws IOException {
    FileSystem fs = FileSystem.get(new Path("s3a://" + bucket).toUri(), server.hadoop());
    IOStatistics statistics = ((IOStatisticsSource) fs).getIOStatistics();
    assertThat(statistics.counters().get(StoreStatisticNames.OBJECT_PUT_REQUEST))
        .as("it is the connection that was used")
        .isPositive();
    return statistics.counters().getOrDefault(StoreStatisticNames.OBJECT_COPY_REQUESTS, -1L);
  }

  private static Map<String, byte[]> objects(String url) throws IOException {
    Map<String, byte[]> objects = new TreeMap<>();
    try (FileSystem fs = FileSystem.newInstance(new Path(url).toUri(), server.hadoop())) {
      RemoteIterator<LocatedFileStatus> files = fs.listFiles(new Path(url), true);
      while (files.hasNext()) {
        Path file = files.next().getPath();
        try (InputStream in = fs.open(file)) {
          objects.put(file.toUri().getPath(), in.readAllBytes());
        }
      }
    }
    return objects;
  }

  private static String text(byte[] bytes) throws IOException {
    boolean zipped = bytes.length > 1 && bytes[0] == 0x1f && (bytes[1] & 0xff) == 0x8b;
    try (InputStream in =
        zipped
            ? new GZIPInputStream(new ByteArrayInputStream(bytes))
            : new ByteArrayInputStream(bytes)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
