package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.FaultyProxy;
import io.tandem.FaultyProxy.Fault;
import io.tandem.Rows;
import io.tandem.RunReader;
import io.tandem.S3Frames;
import io.tandem.S3Server;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on an S3 that refuses, that is slow, or whose connections drop. */
@Tag("spark")
final class S3FaultsIT {
  private static final String ONCE =
      "SELECT path, count(*), count(label), count(error) FROM rows GROUP BY path";

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
  void wrongSecret_isASentence() {
    S3Frames.connect(s3.server().port(), "not-the-secret");
    Call call = S3Frames.infer(folder.resolve("none")).run();
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err())
        .contains("s3a://")
        .contains(": access is denied; the credentials are wrong, or do not allow this")
        .hasLineCount(1);
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void bucketThatIsNot_isASentence() {
    s3.connect();
    for (String[] call :
        new String[][] {
          {"infer", "--frames", "s3a://no-such/clip", "--model", S3Frames.MODEL},
          {"infer", "--frames", S3Frames.FRAMES, "--model", "s3a://no-such/model"},
          {
            "infer",
            "--frames",
            S3Frames.FRAMES,
            "--model",
            S3Frames.MODEL,
            "--output",
            "s3a://no-such/run"
          },
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
  void endpointWithoutServer_isASentenceAtOnce() {
    S3Frames.connect(1, S3Server.SECRET_KEY);
    for (String[] call :
        new String[][] {
          {"infer", "--frames", S3Frames.FRAMES, "--output", out("none")},
          {"infer", "--manifest", "s3a://frames/list.csv", "--output", out("none")},
          {"infer", "--model", S3Frames.MODEL, "--output", out("none")},
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
            s3.server().port(),
            (request, number) ->
                request.contains("/runs/denied") || request.contains("prefix=denied")
                    ? new Fault.Answered(403, "AccessDenied")
                    : Fault.NONE)) {
      S3Frames.connect(proxy.port(), S3Server.SECRET_KEY);
      Call call = S3Frames.infer("s3a://runs/denied/run").run();
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
            s3.server().port(),
            (request, number) ->
                request.startsWith("GET /frames/clip/bigbuckbunny-0001")
                    ? new Fault.Answered(403, "AccessDenied")
                    : Fault.NONE)) {
      S3Frames.connect(proxy.port(), S3Server.SECRET_KEY);
      Call call = S3Frames.infer(out("denied-frame")).run();
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
            s3.server().port(),
            (request, number) ->
                number % 5 == 0 ? new Fault.Answered(503, "SlowDown") : Fault.NONE)) {
      S3Frames.connect(proxy.port(), S3Server.SECRET_KEY);
      Call call = S3Frames.infer("s3a://runs/busy").run();
      assertThat(call.exitCode()).as(call.err()).isZero();
      assertThat(proxy.met(Fault.Answered.class)).isGreaterThan(10);
    }
    S3Frames.disconnect();
    s3.connect();
    assertEveryFrameOnce(Rows.of("s3a://runs/busy/predictions", ONCE));
  }

  @Test
  void connectionsThatDrop_loseNoFrame() throws IOException {
    AtomicInteger gets = new AtomicInteger();
    try (FaultyProxy proxy =
        new FaultyProxy(
            s3.server().port(),
            (request, number) ->
                request.startsWith("GET /frames/clip/") && gets.incrementAndGet() % 3 == 0
                    ? new Fault.CutOff(20_000)
                    : Fault.NONE)) {
      S3Frames.connect(proxy.port(), S3Server.SECRET_KEY);
      Call call = S3Frames.infer(out("dropped")).run();
      assertThat(call.exitCode()).as(call.err()).isZero();
      assertThat(proxy.met(Fault.CutOff.class)).isGreaterThanOrEqualTo(4);
    }
    assertEveryFrameOnce(rows("dropped", ONCE));
  }

  @Test
  void slowServer_isAskedForManyFramesAtOnce() throws IOException {
    try (FaultyProxy proxy =
        new FaultyProxy(s3.server().port(), (request, number) -> new Fault.Delayed(50))) {
      S3Frames.connect(proxy.port(), S3Server.SECRET_KEY);
      Call call =
          S3Frames.infer(out("slow"))
              .set("infer.intra-op-threads=2")
              .run(); // One lane on two cores.
      assertThat(call.exitCode()).as(call.err()).isZero();
      assertThat(proxy.mostAtOnce()).isGreaterThan(4);
    }
    assertEveryFrameOnce(rows("slow", ONCE));
  }

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
    return new RunReader(folder.resolve(run)).predictions(sql);
  }
}
