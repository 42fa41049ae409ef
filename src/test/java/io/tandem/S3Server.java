package io.tandem;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.hadoop.conf.Configuration;

/**
 * S3Proxy as a process of its own, on loopback, which asks for signed requests and keeps its
 * objects in memory.
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
   * Starts the server on a free port of loopback.
   *
   * @param folder for its configuration and its log
   */
  public static S3Server start(Path folder) throws Exception {
    int port = Loopback.freePort();
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
    Loopback.awaitPort(port);
    return new S3Server(process, port);
  }

  public int port() {
    return port;
  }

  /** Makes a bucket, by a request with Amazon's second kind of signature. */
  public void makeBucket(String name) throws Exception {
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(SECRET_KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    String signed = "PUT\n\n\n\nx-amz-date:" + date + "\n/" + name;
    byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + name))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .header("x-amz-date", date)
            .header(
                "Authorization",
                "AWS " + ACCESS_KEY + ":" + Base64.getEncoder().encodeToString(signature))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("bucket %s: %s".formatted(name, response.body()));
    }
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

  @Override
  public void close() {
    process.destroy();
  }
}
