package io.tandem.source;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * A look at whether a server listens where {@code fs.s3a.endpoint} says. S3A itself asks for two
 * and a half minutes before it tells that none does.
 */
public final class S3Endpoint {
  private static final Pattern ENDPOINT =
      Pattern.compile("(?:(https?)://)?([\\w.-]+)(?::(\\d{1,5}))?/?");

  private static final int PATIENCE_MILLIS = 10_000;

  private S3Endpoint() {}

  /**
   * Looks, where the path is in S3 and the endpoint is one that the user named.
   *
   * @throws EndpointException where nothing listens
   */
  public static void requireFor(String path, Configuration hadoop) {
    String endpoint = hadoop.getTrimmed("fs.s3a.endpoint", "");
    Matcher named = ENDPOINT.matcher(endpoint);
    boolean direct = hadoop.getTrimmed("fs.s3a.proxy.host", "").isEmpty();
    if (!path.matches("s3a?://.*") || !named.matches() || !direct) {
      return;
    }
    int usual = "http".equals(named.group(1)) ? 80 : 443;
    int port = named.group(3) == null ? usual : Integer.parseInt(named.group(3));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(named.group(2), port), PATIENCE_MILLIS);
    } catch (IOException e) {
      throw new EndpointException(
          "no server listens at %s, which fs.s3a.endpoint names for %s: %s"
              .formatted(endpoint, path, e.getMessage()),
          e);
    }
  }
}
