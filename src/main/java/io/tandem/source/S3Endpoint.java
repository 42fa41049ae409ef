package io.tandem.source;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * Checks whether a server listens at {@code fs.s3a.endpoint}. S3A itself retries for two and a half
 * minutes before it reports an error.
 */
public final class S3Endpoint {
  private static final Pattern ENDPOINT =
      Pattern.compile("(?:(https?)://)?([\\w.-]+)(?::(\\d{1,5}))?/?");

  private static final int TIMEOUT_MILLIS = 10_000;

  private S3Endpoint() {}

  /**
   * Checks the endpoint if the path is in S3 and the user set an endpoint.
   *
   * @throws EndpointException if no server listens
   */
  public static void requireFor(String path, Configuration hadoop) {
    String endpoint = hadoop.getTrimmed("fs.s3a.endpoint", "");
    Matcher named = ENDPOINT.matcher(endpoint);
    boolean direct = hadoop.getTrimmed("fs.s3a.proxy.host", "").isEmpty();
    if (!path.matches("(?s)s3a?://.*") || !named.matches() || !direct) {
      return;
    }
    int defaultPort = "http".equals(named.group(1)) ? 80 : 443;
    int port = named.group(3) == null ? defaultPort : Integer.parseInt(named.group(3));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(named.group(2), port), TIMEOUT_MILLIS);
    } catch (IOException e) {
      throw new EndpointException(
          "no server listens at %s, which fs.s3a.endpoint names for %s: %s"
              .formatted(endpoint, path, e.getMessage()),
          e);
    }
  }
}
