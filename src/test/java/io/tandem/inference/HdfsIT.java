package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Await;
import io.tandem.Call;
import io.tandem.Checkout;
import io.tandem.Paths;
import io.tandem.Program;
import io.tandem.Rows;
import io.tandem.Tandem;
import java.io.File;
import java.nio.file.Files;
import java.security.PrivilegedAction;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames, model and output in an HDFS: a name node and a data node on loopback. */
@Tag("spark")
final class HdfsIT {
  private static final int MANY = 60;

  @TempDir static File folder;
  private static MiniDFSCluster cluster;
  private static String url = "";

  @BeforeAll
  static void startHdfs() throws Exception {
    Configuration conf = new Configuration();
    conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    cluster = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
    cluster.waitClusterUp();
    url = cluster.getURI().toString();
    DistributedFileSystem fs = cluster.getFileSystem();
    try (Stream<java.nio.file.Path> files = Files.list(Paths.FRAMES)) {
      for (java.nio.file.Path file : files.sorted().limit(12).toList()) {
        fs.copyFromLocalFile(
            new Path(file.toUri()), new Path("/clip", file.getFileName().toString()));
      }
    }
    for (String file : List.of("serving.properties", "synset.txt", "efficientnet-lite0-fp32.pt")) {
      fs.copyFromLocalFile(
          new Path(Paths.EFFICIENTNET.resolve(file).toUri()), new Path("/model", file));
    }
  }

  @AfterAll
  static void stopHdfs() {
    cluster.shutdown();
  }

  @Test
  void everyCommand_worksOnHdfs() throws Exception {
    Call infer = onHdfs(Tandem.infer(), url + "/runs/infer").run();
    assertThat(infer.exitCode()).as(infer.err()).isZero();
    assertThat(infer.out()).contains("12 frames, 0 failed; ");
    assertThat(
            Rows.of(
                url + "/runs/infer/predictions",
                "SELECT path, count(*), count(label) FROM rows GROUP BY path"))
        .hasSize(12)
        .allMatch(row -> row.getString(0).startsWith("hdfs://"))
        .allMatch(row -> row.getLong(1) == 1 && row.getLong(2) == 1);

    Call benchmark =
        onHdfs(Tandem.benchmark(), url + "/runs/first")
            .shortTrials()
            .set("benchmark.concurrency=[2]", "benchmark.rounds=1")
            .run();
    assertThat(benchmark.exitCode()).as(benchmark.err()).isZero();
    Call summarize = Tandem.command("summarize").with(url + "/runs/first").run();
    assertThat(summarize.exitCode()).as(summarize.err()).isZero();
    Call compare = Tandem.command("compare").with(url + "/runs/first", url + "/runs/first").run();
    assertThat(compare.exitCode()).as(compare.err()).isZero();
    DistributedFileSystem fs = cluster.getFileSystem();
    for (String file : List.of("report.html", "summary/speedup.csv", "lanes/_SUCCESS")) {
      assertThat(fs.exists(new Path("/runs/first", file))).as(file).isTrue();
    }
    assertThat(fs.exists(new Path("/runs/first/_staging"))).isFalse();
  }

  /** The driver is killed after its first commit. */
  @Test
  @Tag("long")
  void killedRun_isResumed_withTheRowsOfAnUndisturbedOne() throws Exception {
    DistributedFileSystem fs = cluster.getFileSystem();
    for (int i = 0; i < MANY; i++) {
      fs.copyFromLocalFile(
          new Path(Paths.small(i + 1).toUri()), new Path("/many/%03d.jpg".formatted(i)));
    }
    Call whole = many("whole").run();
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    java.nio.file.Path here = Files.createDirectory(folder.toPath().resolve("here"));
    Program.Started killed =
        Checkout.in(here)
            .submit(List.of(), many("killed").set("output.commit-frames=5", "infer.lanes=1"))
            .start();
    Path committed = new Path("/runs/killed/predictions/*.parquet");
    Await.until(killed.process(), () -> fs.globStatus(committed).length > 0);
    killed.process().destroyForcibly();
    assertThat(killed.end().exitCode()).isEqualTo(137);

    Call resumed = Tandem.command("infer").with("--resume", url + "/runs/killed").run();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err())
        .containsPattern("/runs/killed: [1-9][0-9]? of %d frames are committed".formatted(MANY));
    String rows = "SELECT path, label, probability, error FROM rows ORDER BY path";
    assertThat(Rows.of(url + "/runs/killed/predictions", rows))
        .hasSize(MANY)
        .isEqualTo(Rows.of(url + "/runs/whole/predictions", rows));
    assertThat(fs.exists(new Path("/runs/killed/_SUCCESS"))).isTrue();
    assertThat(fs.exists(new Path("/runs/killed/predictions/_temporary"))).isFalse();
  }

  private static Tandem many(String run) {
    return Tandem.infer()
        .frames(url + "/many")
        .model(url + "/model")
        .output(url + "/runs/" + run)
        .set("infer.batch-size=1", "infer.intra-op-threads=1");
  }

  /** The length and time of a file that is open hold until its first block is full. */
  @Test
  void followedFile_isTakenWhenItIsClosed() throws Exception {
    DistributedFileSystem fs = cluster.getFileSystem();
    byte[] picture = Files.readAllBytes(Paths.small(1));
    try (FSDataOutputStream whole = fs.create(new Path("/arriving/_whole.jpg"))) {
      whole.write(picture);
    }
    Tandem follow =
        Tandem.infer()
            .with("--follow", url + "/arriving", "--follow-once")
            .model(Paths.SMALL_MODEL)
            .output(url + "/runs/followed")
            .set("follow.settle=0 s");
    try (FSDataOutputStream open = fs.create(new Path("/arriving/.open.jpg"))) {
      open.write(picture, 0, 1000);
      open.hsync();
      Call first = follow.run();
      assertThat(first.exitCode()).as(first.err()).isZero();
      assertThat(first.err())
          .contains(
              "1 file left for the next call, new, changed within the last 0 s, or still open")
          .contains("batch 0: 1 file, 1 frame; 1 file, 1 frame so far");
      open.write(picture, 1000, picture.length - 1000);
    }
    Call second = follow.run();
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.err()).contains("batch 1: 1 file, 1 frame; 2 files, 2 frames so far");
    assertThat(Rows.of(url + "/runs/followed/predictions", "SELECT path, error FROM rows"))
        .hasSize(2)
        .allMatch(row -> row.isNullAt(1));
  }

  @Test
  void folderThatMayNotBeWritten_isASentence() throws Exception {
    DistributedFileSystem fs = cluster.getFileSystem();
    fs.mkdirs(new Path("/closed"));
    fs.setPermission(new Path("/closed"), new FsPermission("555"));
    fs.setOwner(new Path("/closed"), "somebody", "else");
    // Who starts an HDFS may do all there; the command is run as another.
    UserGroupInformation guest = UserGroupInformation.createRemoteUser("guest");
    Call call =
        guest.doAs(
            (PrivilegedAction<Call>) () -> onHdfs(Tandem.infer(), url + "/closed/run").run());
    assertThat(call.exitCode()).as(call.err()).isEqualTo(2);
    assertThat(call.err())
        .contains("/closed/run cannot be created (Permission denied: user=guest, access=WRITE")
        .endsWith("); choose another (option --output)\n");
  }

  @Test
  void nameNodeThatIsNot_isASentence() {
    Call call = Tandem.infer().frames("hdfs://127.0.0.1:1/clip").output(folder + "/none").run();
    assertThat(call.exitCode()).as(call.err()).isEqualTo(2);
    assertThat(call.err())
        .startsWith("the frames at hdfs://127.0.0.1:1/clip cannot be listed: no server responds")
        .hasLineCount(1);
  }

  private static Tandem onHdfs(Tandem command, String output) {
    return command.frames(url + "/clip").model(url + "/model").output(output);
  }
}
