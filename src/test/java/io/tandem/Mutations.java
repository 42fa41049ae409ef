package io.tandem;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/** Inputs that were valid before some of their bytes were changed, removed, repeated or added. */
public final class Mutations {
  /** What parsers of text, numbers and images stumble over. */
  private static final List<String> TOKENS =
      List.of(
              "\u0000",
              "\n",
              "\"",
              "'",
              "\\",
              "{",
              "}",
              "[",
              "]",
              "[[[[[[[[",
              ",",
              "=",
              ":",
              "%s",
              "${x}",
              "${?HOME}",
              "null",
              "true",
              "-1",
              "0",
              "1e400",
              "NaN",
              "99999999999999999999",
              "2147483648",
              "../",
              "/",
              "file:",
              "http://localhost:1/",
              "s3a://K:S@b/",
              "\u001b[31m",
              "\u202e",
              "\uFEFF",
              "include \"x\"",
              "include url(\"http://localhost:1/\")",
              "cpu",
              "prediction",
              "\r",
              "\u2028",
              "😀")
          .stream()
          .map(token -> latin1(token.getBytes(StandardCharsets.UTF_8)))
          .toList();

  private Mutations() {}

  private enum Kind {
    REPLACE,
    INSERT,
    REMOVE,
    REPEAT,
    SET_BITS,
    CUT
  }

  /**
   * A change.
   *
   * @param at the place, in 1,000,000th of the length
   * @param added bytes, each as a character
   */
  private record Change(Kind kind, int at, int length, String added) {
    byte[] of(byte[] before) {
      byte[] token = added.getBytes(StandardCharsets.ISO_8859_1);
      int from = (int) ((long) at * before.length / 1_000_000);
      int to = Math.min(before.length, from + length);
      ByteArrayOutputStream after = new ByteArrayOutputStream();
      after.write(before, 0, from);
      switch (kind) {
        case REPLACE -> {
          after.writeBytes(token);
          to = Math.min(before.length, from + token.length);
        }
        case INSERT -> {
          after.writeBytes(token);
          to = from;
        }
        case REMOVE -> {}
        case REPEAT -> {
          after.write(before, from, to - from);
          to = from;
        }
        case SET_BITS -> {
          for (int i = from; i < to; i++) {
            after.write(before[i] ^ token[i % token.length]);
          }
        }
        case CUT -> to = before.length;
      }
      after.write(before, to, before.length - to);
      return after.toByteArray();
    }
  }

  /** Returns changed copies of files. */
  public static Arbitrary<byte[]> of(List<byte[]> files) {
    Arbitrary<String> token =
        Arbitraries.oneOf(
            Arbitraries.of(TOKENS),
            Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(Mutations::latin1));
    Arbitrary<Change> change =
        Combinators.combine(
                Arbitraries.of(Kind.class),
                Arbitraries.integers()
                    .between(0, 999_999)
                    .withDistribution(RandomDistribution.uniform()),
                Arbitraries.integers().between(1, 64),
                token)
            .as(Change::new);
    return Combinators.combine(
            Arbitraries.of(files).withoutEdgeCases(), change.list().ofMinSize(1).ofMaxSize(6))
        .as(Mutations::changed);
  }

  /** Returns changed copies of texts. */
  public static Arbitrary<String> ofTexts(String... texts) {
    return of(Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList())
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] changed(byte[] file, List<Change> changes) {
    byte[] changed = file;
    for (Change change : changes) {
      changed = change.of(changed);
    }
    return changed;
  }
}
