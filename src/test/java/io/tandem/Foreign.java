package io.tandem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.conf.InputException;
import java.util.concurrent.Callable;

/** Reads input from anyone, which is either right or refused with a sentence, within seconds. */
public final class Foreign {
  private static final long MOST_NANOS = 20_000_000_000L;

  private Foreign() {}

  /**
   * Reads an input; fails on every exception but those that are a sentence.
   *
   * @param refusal the exception of this reader, in addition to {@link InputException}
   */
  public static void read(Callable<?> reader, Class<? extends Exception> refusal) throws Exception {
    long started = System.nanoTime();
    try {
      assertThat(reader.call()).isNotNull();
    } catch (Exception e) {
      if (!(e instanceof InputException) && !refusal.isInstance(e)) {
        throw e;
      }
      assertThat(e.getMessage()).as("the sentence of %s", e.getClass()).isNotBlank();
    }
    assertThat(System.nanoTime() - started).as("nanoseconds").isLessThan(MOST_NANOS);
  }

  /** Reads an input; fails on every exception but {@link InputException}. */
  public static void read(Callable<?> reader) throws Exception {
    read(reader, InputException.class);
  }
}
