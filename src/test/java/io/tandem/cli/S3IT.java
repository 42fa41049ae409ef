package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Call;
import io.tandem.Ended;
import io.tandem.FaultyProxy;
import io.tandem.FaultyProxy.Fault;
import io.tandem.Paths;
import io.tandem.Program;
import io.tandem.RunReader;
import io.tandem.S3Frames;
import io.tandem.S3Server;
import io.tandem.Tandem;
import io.tandem.conf.OutputSettings;
import io.tandem.frame.Clip;
import io.tandem.run.RunFolder;
import io.tandem.run.RunFolderException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.codec.digest.DigestUtils;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands whose frames, model and output are in an S3 that wants signed requests. */
@Tag("spark")
final class S3IT {
  @TempDir static java.nio.file.Path folder;
  private static S3Frames s3;

  @BeforeAll
  static void startServer() throws Exception {
    s3 = S3Frames.start(folder);
  }

  @AfterAll
  static void stopServer() {
    s3.close();
  }

  @AfterEach
  void disconnect() throws IOException {
    S3Frames.disconnect();
  }

  @Test
  void everyCommand_worksOnBuckets_andRenamesNothing() throws IOException {
    s3.connect();
    Call infer = S3Frames.infer("s3a://runs/infer").set("output.format=csv").run();
    assertThat(infer.exitCode()).as(infer.err()).isZero();
    assertThat(infer.out()).contains("12 frames, 0 failed; ");
    Call benchmark =
        S3Frames.benchmark("s3a://runs/first").set("benchmark.ceiling-seconds=0.1").run();
    assertThat(benchmark.exitCode()).as(benchmark.err()).isZero();
    assertThat(copies("runs")).as("objects that were copied").isZero();

    Call summarize = Tandem.command("summarize").with("s3a://runs/first").run();
    assertThat(summarize.exitCode()).as(summarize.err()).isZero();
    assertThat(summarize.out()).contains("serial baseline");
    Call compare = Tandem.command("compare").with("s3a://runs/first", "s3a://runs/first").run();
    assertThat(compare.exitCode()).as(compare.err()).isZero();
    assertThat(compare.out()).contains("cpu-2x1-b4-fp32-executor");

    Map<String, byte[]> objects = objects("s3a://runs/");
    assertThat(objects.keySet())
        .contains("/infer/_SUCCESS", "/first/report.html", "/first/summary/speedup.csv")
        .noneMatch(name -> name.contains("__magic") || name.contains("_temporary"))
        .noneMatch(name -> name.contains("_staging") || name.contains("/_part"));
    for (String table : List.of("first/predictions", "first/lanes", "infer/results/chunk=00001")) {
      assertThat(new String(objects.get("/" + table + "/_SUCCESS"), StandardCharsets.UTF_8))
          .as("who committed %s", table)
          .containsPattern("\"committer\" ?: ?\"magic\"");
    }
  }

  @Test
  void video_isReadWhereItIs() throws IOException {
    s3.connect();
    Path clip = new Path("s3a://frames/videos/gop12.mp4");
    try (FileSystem fs = FileSystem.newInstance(clip.toUri(), s3.server().hadoop())) {
      fs.copyFromLocalFile(new Path(Paths.VIDEOS.resolve("gop12.mp4").toUri()), clip);
    }
    Call infer =
        Tandem.infer()
            .frames(clip)
            .model(Paths.SMALL_MODEL)
            .output("s3a://runs/clip")
            .set("frames.video.segment=0s", "infer.frames-per-task=12")
            .run();
    assertThat(infer.exitCode()).as(infer.err()).isZero();
    assertThat(infer.out()).contains("84 frames, 0 failed; ", "gop12.mp4 at 0.040 s  ");
    Call local =
        Tandem.infer()
            .frames(Paths.VIDEOS.resolve("gop12.mp4"))
            .model(Paths.SMALL_MODEL)
            .output(folder.resolve("video"))
            .run();
    assertThat(frames(infer.out())).isEqualTo(frames(local.out()));
  }

  /** An object store has no empty folders: the followed one appears with its first object. */
  @Test
  void followedFolder_mayBeMissingUntilItsFirstObjectArrives() throws IOException {
    s3.connect();
    Tandem follow =
        Tandem.infer()
            .with("--follow", "s3a://frames/arriving", "--follow-once")
            .model(Paths.SMALL_MODEL)
            .output("s3a://runs/followed")
            .set("follow.settle=0 s");
    Call none = follow.run();
    assertThat(none.exitCode()).as(none.err()).isZero();
    assertThat(none.err()).contains("no new files in s3a://frames/arriving: 0 files, 0 frames");
    try (FileSystem fs =
        FileSystem.newInstance(new Path("s3a://frames/").toUri(), s3.server().hadoop())) {
      for (String name : List.of("_a.jpg", "deep/.b.jpg")) {
        fs.copyFromLocalFile(
            new Path(Paths.SMALL.resolve("bigbuckbunny-0001.jpg").toUri()),
            new Path("s3a://frames/arriving/" + name));
      }
    }
    Call two = follow.run();
    assertThat(two.exitCode()).as(two.err()).isZero();
    assertThat(two.err()).contains("batch 0: 2 files, 2 frames; 2 files, 2 frames so far");
    Call again = follow.run();
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err()).contains("no new files in s3a://frames/arriving: 2 files, 2 frames");
    assertThat(objects("s3a://runs/followed/").keySet())
        .contains("/followed/_SUCCESS", "/followed/_follow/lists/0000000001.json")
        .filteredOn(name -> name.startsWith("/followed/predictions/part-"))
        .isNotEmpty();
  }

  /** Left as a kill leaves it after the first of two commits. */
  @Test
  void interruptedRun_isResumed() throws IOException {
    s3.connect();
    Call infer =
        S3Frames.infer("s3a://runs/cut").set("output.commit-frames=6", "output.format=json").run();
    assertThat(infer.exitCode()).as(infer.err()).isZero();
    String undisturbed = frames(infer.out());
    String part =
        objects("s3a://runs/cut/predictions/").keySet().stream()
            .filter(name -> name.endsWith(".parquet"))
            .findFirst()
            .orElseThrow();
    try (FileSystem fs =
        FileSystem.newInstance(new Path("s3a://runs/").toUri(), s3.server().hadoop())) {
      assertThat(fs.delete(new Path("s3a://runs" + part), false)).isTrue();
      assertThat(fs.delete(new Path("s3a://runs/cut/_SUCCESS"), false)).isTrue();
    }
    Call resumed = Tandem.command("infer").with("--resume", "s3a://runs/cut").run();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err()).containsPattern("s3a://runs/cut: [3-9] of 12 frames are committed");
    Call summarized = Tandem.command("summarize").with("s3a://runs/cut").run();
    assertThat(frames(summarized.out())).isEqualTo(undisturbed);
    assertThat(summarized.out()).contains("12 frames, 0 failed; ").doesNotContain("Interrupted");
    Map<String, byte[]> results = objects("s3a://runs/cut/results/");
    results.keySet().removeIf(name -> !name.endsWith(".json"));
    assertThat(
            results.values().stream()
                .flatMap(file -> new String(file, StandardCharsets.UTF_8).lines())
                .map(line -> line.replaceFirst("\\{\"path\":\"(.*?)\".*", "$1")))
        .as("the rows of the file that was lost are replaced")
        .hasSize(12)
        .doesNotHaveDuplicates();
    assertThat(objects("s3a://runs/cut/").keySet())
        .contains("/cut/_SUCCESS", "/cut/_claims/0001", "/cut/_claims/0002");
  }

  /** Under its final name each, by one PUT, which a copy would be too, and as on a disk. */
  @Test
  void pictures_arePutOnce() throws IOException {
    assertThat(threePictures(out("pictures")).run().exitCode()).isZero();
    List<String> puts = Collections.synchronizedList(new ArrayList<>());
    try (FaultyProxy proxy =
        new FaultyProxy(
            s3.server().port(),
            (request, number) -> {
              if (request.matches("(PUT|POST) /runs/pictures/images/.+")) {
                puts.add(request.split(" ", 3)[1].substring("/runs".length()));
              }
              return Fault.NONE;
            })) {
      S3Frames.connect(proxy.port(), S3Server.SECRET_KEY);
      Call call = threePictures("s3a://runs/pictures").run();
      assertThat(call.exitCode()).as(call.err()).isZero();
    }
    Map<String, byte[]> objects = objects("s3a://runs/pictures/images/");
    assertThat(puts).hasSize(3).containsExactlyInAnyOrderElementsOf(objects.keySet());
    for (Row row : rows("pictures", "SELECT image_path, image_sha256 FROM rows")) {
      assertThat(objects.get("/pictures/" + row.getString(0)))
          .satisfies(bytes -> assertThat(DigestUtils.sha256Hex(bytes)).isEqualTo(row.getString(1)));
    }
  }

  @Test
  void video_isMadeOfAVideo_withItsSound_andWithoutWhatItWasJoinedOf() throws Exception {
    java.nio.file.Path clip = Paths.SOUND_VIDEOS.resolve("bframes-aac.mp4");
    try (FileSystem fs =
            FileSystem.newInstance(new Path(S3Frames.FRAMES).toUri(), s3.server().hadoop());
        OutputStream out = fs.create(new Path("s3a://frames/video/clip.mp4"))) {
      Files.copy(clip, out);
    }
    s3.connect();
    Call call =
        Tandem.infer()
            .model(Paths.DOUBLING)
            .frames("s3a://frames/video/clip.mp4")
            .output("s3a://runs/video")
            .with("--video-out")
            .set("frames.limit=24", "frames.video.segment=0 s", "infer.frames-per-task=12")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    Map<String, byte[]> objects = objects("s3a://runs/video/videos/");
    assertThat(objects.keySet())
        .hasSize(1)
        .allMatch(name -> name.matches("/video/videos/clip-[0-9a-f]{12}\\.mp4"));
    java.nio.file.Path local = Files.createTempFile("made", ".mp4");
    Files.write(local, objects.values().iterator().next());
    Clip made = Clip.read(local);
    Files.delete(local);
    assertThat(made.times()).isEqualTo(Clip.read(clip).times().subList(0, 24));
    assertThat(made.sounds()).hasSize(1);
  }

  private static Tandem threePictures(Object output) {
    Tandem infer = Tandem.infer().model(Paths.SUPERRESOLUTION).frames("data/small");
    return infer.output(output).set("frames.limit=3");
  }

  @Test
  void ofTwoRunsAtOnce_oneHasTheFolder() {
    OutputSettings output = Tandem.settings("output.path=s3a://runs/both").output();
    RunFolder one = RunFolder.planned("infer", output, s3.server().hadoop());
    RunFolder other = RunFolder.planned("infer", output, s3.server().hadoop());
    one.create();
    assertThatThrownBy(other::create)
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("s3a://runs/both belongs to another run, by process");
  }

  @Test
  void manifest_liesBesideItsFrames_orNamesThemAsAmazonDoes() throws IOException {
    try (FileSystem fs =
            FileSystem.newInstance(new Path(S3Frames.FRAMES).toUri(), s3.server().hadoop());
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
    s3.connect();
    Call call =
        Tandem.infer()
            .with("--manifest", "s3a://frames/list.csv")
            .model(S3Frames.MODEL)
            .output(out("manifest"))
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).contains("3 frames, 1 failed; ");
    assertThat(rows("manifest", "SELECT manifest.camera, error FROM rows ORDER BY frame_index"))
        .extracting(Row::mkString)
        .containsExactly("northnull", "southnull", "westthere is no such file");
  }

  @Test
  void keys_areNowhere() throws Exception {
    Program.Started benchmark =
        S3Frames.submit(
                Files.createDirectories(folder.resolve("keys")),
                s3.server().port(),
                S3Frames.benchmark("s3a://runs/secret"))
            .start();
    assertThat(benchmark.process().info().commandLine().orElse(""))
        .doesNotContain(S3Server.SECRET_KEY);
    Ended ended = benchmark.end();
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("serial baseline");
    assertThat(ended.out() + ended.err()).doesNotContain(S3Server.SECRET_KEY);
    Map<String, byte[]> objects = objects("s3a://runs/secret/");
    assertThat(objects.keySet()).contains("/secret/settings.conf", "/secret/trace.json.gz");
    for (Map.Entry<String, byte[]> object : objects.entrySet()) {
      assertThat(text(object.getValue()))
          .as(object.getKey())
          .doesNotContain(S3Server.SECRET_KEY)
          .doesNotContain(S3Server.ACCESS_KEY);
    }
  }

  @Test
  void model_isFetchedOnceAHost() throws Exception {
    AtomicInteger gets = new AtomicInteger();
    try (FaultyProxy proxy =
        new FaultyProxy(
            s3.server().port(),
            (request, number) -> {
              if (request.startsWith("GET /models/") && request.contains(".pt")) {
                gets.incrementAndGet();
              }
              return Fault.NONE;
            })) {
      Ended ended =
          S3Frames.submit(
                  Files.createDirectories(folder.resolve("model")),
                  proxy.port(),
                  S3Frames.infer(out("two-executors"))
                      .set(
                          "engine.cache-dir=" + folder.resolve("cache"), "infer.frames-per-task=4"),
                  "--master",
                  "local-cluster[2,1,1536]")
              .run();
      assertThat(ended.exitCode()).as(ended.err()).isZero();
    }
    assertThat(rows("two-executors", "SELECT DISTINCT executor FROM rows")).hasSize(2);
    assertThat(gets.get()).as("one for its fingerprint, one for both executors").isEqualTo(2);
    try (Stream<java.nio.file.Path> files = Files.walk(folder.resolve("cache/models"))) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("lock", "efficientnet-lite0-fp32.pt");
    }
  }

  /** The lines of the first frames with their labels. */
  private static String frames(String out) {
    return out.lines().filter(line -> line.startsWith("  ")).collect(Collectors.joining("\n"));
  }

  private static String out(String name) {
    return folder.resolve(name).toString();
  }

  private static List<Row> rows(String run, String sql) {
    return new RunReader(folder.resolve(run)).predictions(sql);
  }

  /** How many objects this JVM's connection to a bucket has copied, which is how S3A renames. */
  private static long copies(String bucket) throws IOException {
    FileSystem fs = FileSystem.get(new Path("s3a://" + bucket).toUri(), s3.server().hadoop());
    IOStatistics statistics = ((IOStatisticsSource) fs).getIOStatistics();
    assertThat(statistics.counters().get(StoreStatisticNames.OBJECT_PUT_REQUEST))
        .as("it is the connection that was used")
        .isPositive();
    return statistics.counters().getOrDefault(StoreStatisticNames.OBJECT_COPY_REQUESTS, -1L);
  }

  private static Map<String, byte[]> objects(String url) throws IOException {
    Map<String, byte[]> objects = new TreeMap<>();
    try (FileSystem fs = FileSystem.newInstance(new Path(url).toUri(), s3.server().hadoop())) {
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
