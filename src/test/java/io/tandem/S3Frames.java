package io.tandem;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** An S3 that wants signed requests, with twelve frames, a model, and a bucket for runs. */
public final class S3Frames implements AutoCloseable {
  public static final String FRAMES = "s3a://frames/clip";
  public static final String MODEL = "s3a://models/efficientnet-lite0";

  /** The keys as the environment of a process has them. */
  public static final Map<String, String> KEYS =
      Map.of(
          "AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY,
          "AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY);

  private final S3Server server;

  private S3Frames(S3Server server) {
    this.server = server;
  }

  /**
   * Starts it, and uploads frames and model.
   *
   * @param folder for its configuration and its log
   */
  public static S3Frames start(java.nio.file.Path folder) throws Exception {
    S3Server server = S3Server.start(folder);
    for (String bucket : List.of("frames", "models", "runs")) {
      server.makeBucket(bucket);
    }
    try (FileSystem frames = FileSystem.newInstance(new Path(FRAMES).toUri(), server.hadoop());
        Stream<java.nio.file.Path> files = Files.list(Paths.FRAMES)) {
      for (java.nio.file.Path file : files.sorted().limit(12).toList()) {
        frames.copyFromLocalFile(
            new Path(file.toUri()), new Path(FRAMES, file.getFileName().toString()));
      }
    }
    try (FileSystem models = FileSystem.newInstance(new Path(MODEL).toUri(), server.hadoop())) {
      for (String file :
          List.of("serving.properties", "synset.txt", "efficientnet-lite0-fp32.pt")) {
        models.copyFromLocalFile(
            new Path(Paths.EFFICIENTNET.resolve(file).toUri()), new Path(MODEL, file));
      }
    }
    return new S3Frames(server);
  }

  /** Returns the server. */
  public S3Server server() {
    return server;
  }

  /** Lets commands in this JVM reach it with the right keys. */
  public void connect() {
    connect(server.port(), S3Server.SECRET_KEY);
  }

  /** Sets what spark-submit's options would set, for commands in this JVM. */
  public static void connect(int port, String secret) {
    Map<String, String> conf = new HashMap<>(S3Server.endpoint(port));
    conf.put("fs.s3a.access.key", S3Server.ACCESS_KEY);
    conf.put("fs.s3a.secret.key", secret);
    conf.forEach((key, value) -> System.setProperty("spark.hadoop." + key, value));
  }

  /** Closes this JVM's connections, and unsets how to make them. */
  public static void disconnect() throws IOException {
    System.getProperties().keySet().removeIf(key -> key.toString().startsWith("spark.hadoop."));
    FileSystem.closeAll();
  }

  /** Starts a call of {@code infer} with the frames and the model. */
  public static Tandem infer(Object output) {
    return Tandem.infer().frames(FRAMES).model(MODEL).output(output);
  }

  /** Starts a call of {@code benchmark} with the frames and the model, and short trials. */
  public static Tandem benchmark(Object output) {
    return Tandem.benchmark()
        .frames(FRAMES)
        .model(MODEL)
        .output(output)
        .shortTrials()
        .set("benchmark.concurrency=[2]", "benchmark.rounds=1");
  }

  /** Prepares a command as a process that reaches an S3 at a port of this machine. */
  public static Program submit(
      java.nio.file.Path folder, int port, Tandem command, String... options) throws IOException {
    Stream<String> endpoint =
        S3Server.endpoint(port).entrySet().stream()
            .flatMap(e -> Stream.of("--conf", "spark.hadoop." + e.getKey() + "=" + e.getValue()));
    return Checkout.in(folder)
        .submit(
            Stream.of(endpoint, Arrays.stream(options), Checkout.QUICK.stream())
                .flatMap(Function.identity())
                .toList(),
            command)
        .environment(KEYS);
  }

  @Override
  public void close() {
    server.close();
  }
}
