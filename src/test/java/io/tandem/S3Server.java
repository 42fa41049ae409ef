package io.tandem;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * S3Proxy as a process of its own, on loopback, which asks for signed requests and keeps its
 * objects in memory. Buckets are there when it starts; a test's {@link #options} name it to Spark.
 */
public final class S3Server implements AutoCloseable {
  public static final String ACCESS_KEY = "tandem-tests-access-key";
  public static final String SECRET_KEY = "tandem-tests-secret-key-8f3a";

  private static final Path JAR = Path.of("target/s3proxy/s3proxy.jar");

  private final Process process;
  private final int port;

  private S3Server(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * @param folder for its configuration and its log
   */
  public static S3Server start(Path folder) throws Exception {
    int port = freePort();
    Path properties = folder.resolve("s3proxy.properties");
    Files.writeString(
        properties,
        """
        s3proxy.endpoint=http://127.0.0.1:%d
        s3proxy.authorization=aws-v2-or-v4
        s3proxy.identity=%s
        s3proxy.credential=%s
        jclouds.provider=transient
        """
            .formatted(port, ACCESS_KEY, SECRET_KEY));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-jar",
                JAR.toString(),
                "--properties",
                properties.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3proxy.log").toFile())
            .start();
    S3Server server = new S3Server(process, port);
    server.awaitPort();
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitPort() throws Exception {
    for (int i = 0; i < 300; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        Thread.sleep(100);
      }
    }
    throw new IOException("S3Proxy does not listen on port " + port);
  }

  public int port() {
    return port;
  }

  /** How s3a reaches an S3 at such a port of this machine, without a word of who asks. */
  public static Map<String, String> endpoint(int port) {
    return Map.of(
        "fs.s3a.endpoint", "http://127.0.0.1:" + port,
        "fs.s3a.endpoint.region", "us-east-1",
        "fs.s3a.path.style.access", "true");
  }

  /** A configuration that reaches it with the right keys. */
  public Configuration hadoop() {
    Configuration conf = new Configuration();
    endpoint(port).forEach(conf::set);
    conf.set("fs.s3a.access.key", ACCESS_KEY);
    conf.set("fs.s3a.secret.key", SECRET_KEY);
    return conf;
  }

  /** spark-submit's options for the server at a port: this one's, or that of a proxy before it. */
  public static List<String> options(int port) {
    return endpoint(port).entrySet().stream()
        .flatMap(e -> List.of("--conf", "spark.hadoop." + e.getKey() + "=" + e.getValue()).stream())
        .toList();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
