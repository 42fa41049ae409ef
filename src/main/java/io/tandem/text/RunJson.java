package io.tandem.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Writes records as JSON and reads them back; names are {@code in_snake_case}, as columns are. */
public final class RunJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          // Rules of earlier versions.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private RunJson() {}

  /** Returns the value's JSON, indented, with a line break at its end. */
  public static String write(Object value) {
    return text(MAPPER.writer(), value) + "\n";
  }

  /** Returns the value's JSON on one line, without a line break. */
  public static String line(Object value) {
    return text(MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT), value);
  }

  private static String text(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON of " + value.getClass(), e);
    }
  }

  /** Reads the JSON of a record; fails with a sentence where it is not one. */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not the JSON of a %s: %s".formatted(type.getSimpleName(), e.getOriginalMessage()), e);
    }
  }
}
