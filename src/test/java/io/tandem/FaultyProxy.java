package io.tandem;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands on loopback before an HTTP server, hands requests and answers through as they are, and
 * does to some what a network or a busy server does. Bodies are not looked into.
 */
public final class FaultyProxy implements AutoCloseable {
  /** What happens to a request. */
  public sealed interface Fault {
    Fault NONE = new Delayed(0);

    /** It reaches the server later. */
    record Delayed(long millis) implements Fault {}

    /** It never reaches the server; this is the answer. */
    record Answered(int status, String code) implements Fault {}

    /** The connection ends after this number of bytes of the answer. */
    record CutOff(int afterBytes) implements Fault {}
  }

  /** Says what happens to a request, by its first line and its number from 1. */
  public interface Faults {
    Fault of(String request, int number);
  }

  private final ServerSocket listening;
  private final int server;
  private final Faults faults;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread daemon = new Thread(task, "faulty-proxy");
            daemon.setDaemon(true);
            return daemon;
          });
  private final AtomicInteger requests = new AtomicInteger();

  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final Map<Class<? extends Fault>, AtomicInteger> met = new ConcurrentHashMap<>();

  public FaultyProxy(int serverPort, Faults faults) throws IOException {
    listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    server = serverPort;
    this.faults = faults;
    threads.execute(this::accept);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** How many requests were delayed at the same time, at the most. */
  public int mostAtOnce() {
    return mostAtOnce.get();
  }

  /** How many requests met a kind of fault. */
  public int met(Class<? extends Fault> fault) {
    AtomicInteger count = met.get(fault);
    return count == null ? 0 : count.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        threads.execute(() -> serve(client));
      }
    } catch (IOException closed) {
      // close() ends it so.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket backend = new Socket(InetAddress.getLoopbackAddress(), server)) {
      new Connection(client, backend).run();
    } catch (IOException | InterruptedException ended) {
      // One side went away; the other one learns it by the end of its connection.
    }
  }

  /** Requests come one after the other: what a client sends after an answer is a new one. */
  private final class Connection {
    private final Socket client;
    private final Socket backend;
    private final AtomicBoolean answered = new AtomicBoolean(true);
    private final AtomicInteger bytesLeft = new AtomicInteger(Integer.MAX_VALUE);

    Connection(Socket client, Socket backend) {
      this.client = client;
      this.backend = backend;
    }

    void run() throws IOException, InterruptedException {
      threads.execute(this::answers);
      InputStream in = client.getInputStream();
      OutputStream out = backend.getOutputStream();
      byte[] buffer = new byte[65536];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (answered.compareAndSet(true, false)) {
          byte[] head = head(in, buffer, n);
          if (!passes(head)) {
            return;
          }
          out.write(head);
        } else {
          out.write(buffer, 0, n);
        }
        out.flush();
      }
    }

    private byte[] head(InputStream in, byte[] buffer, int read) throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      head.write(buffer, 0, read);
      while (!head.toString(StandardCharsets.ISO_8859_1).contains("\r\n\r\n")) {
        int n = in.read(buffer);
        if (n < 0) {
          break;
        }
        head.write(buffer, 0, n);
      }
      return head.toByteArray();
    }

    private boolean passes(byte[] head) throws IOException, InterruptedException {
      String first = new String(head, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
      Fault fault = faults.of(first, requests.incrementAndGet());
      if (fault != Fault.NONE) {
        met.computeIfAbsent(fault.getClass(), kind -> new AtomicInteger()).incrementAndGet();
      }
      if (fault instanceof Fault.Answered answer) {
        answer(answer, first.startsWith("HEAD "));
        return false;
      }
      if (fault instanceof Fault.Delayed delay && delay.millis() > 0) {
        mostAtOnce.accumulateAndGet(waiting.incrementAndGet(), Math::max);
        Thread.sleep(delay.millis());
        waiting.decrementAndGet();
      }
      bytesLeft.set(fault instanceof Fault.CutOff cut ? cut.afterBytes() : Integer.MAX_VALUE);
      return true;
    }

    private void answer(Fault.Answered answer, boolean isHead) throws IOException {
      String body =
          "<?xml version='1.0' encoding='UTF-8'?><Error><Code>%s</Code><Message>%s</Message></Error>"
              .formatted(answer.code(), answer.code());
      String text =
          "HTTP/1.1 %d %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(answer.status(), answer.code(), body.length(), isHead ? "" : body);
      client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      client.shutdownOutput();
      client.setSoTimeout(500);
      // What the client still sends is taken, or the end of the connection would outrun the answer.
      byte[] buffer = new byte[65536];
      int taken;
      do {
        taken = client.getInputStream().read(buffer);
      } while (taken >= 0);
    }

    private void answers() {
      try {
        InputStream in = backend.getInputStream();
        OutputStream out = client.getOutputStream();
        byte[] buffer = new byte[65536];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          int allowed = Math.min(n, bytesLeft.addAndGet(-n) + n);
          boolean isGoOn =
              new String(buffer, 0, n, StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 100");
          if (!isGoOn) {
            answered.set(true);
          }
          out.write(buffer, 0, Math.max(0, allowed));
          out.flush();
          if (allowed < n) {
            break;
          }
        }
      } catch (SocketException ended) {
        // As it ends otherwise.
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      } finally {
        end(client);
        end(backend);
      }
    }

    private void end(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }
}
