package io.tandem.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Writes records as JSON and reads them back; names are {@code in_snake_case}, as columns are. */
public final class RunJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          // Rules of earlier versions.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(new SimpleModule().addSerializer(String.class, new Redacting()))
          .build();

  private RunJson() {}

  /** Writes texts without the secrets of their URLs. */
  private static final class Redacting extends StdScalarSerializer<String> {
    private static final long serialVersionUID = 1L;

    Redacting() {
      super(String.class);
    }

    @Override
    public void serialize(String value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(Secrets.redacted(value));
    }
  }

  /** Returns the value's JSON, indented, with a line break at its end. */
  public static String write(Object value) {
    return text(MAPPER.writer(), value) + "\n";
  }

  /** Returns the JSON of exactly this text, with what looks like a secret. */
  public static String string(String text) {
    return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
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

  /**
   * Reads the JSON of a record.
   *
   * @throws IllegalArgumentException with a sentence if it is not one, or lacks a value
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      T value = MAPPER.readValue(json, type);
      requireComplete(value, type.getSimpleName());
      return value;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not the JSON of a %s: %s".formatted(type.getSimpleName(), e.getOriginalMessage()), e);
    }
  }

  /** Refuses null where a record's component is not {@link Nullable}, at any depth. */
  private static void requireComplete(@Nullable Object value, String name) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    if (value instanceof Iterable<?> elements) {
      elements.forEach(element -> requireComplete(element, "an element of " + name));
    }
    if (value instanceof Record) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        Object part = part(value, component);
        if (part != null || !isNullable(component)) {
          requireComplete(part, snakeCase(component.getName()));
        }
      }
    }
  }

  private static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static @Nullable Object part(Object value, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true); // Of private records.
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no " + component.getName() + " of " + value.getClass(), e);
    }
  }

  private static String snakeCase(String name) {
    return ((PropertyNamingStrategies.NamingBase) PropertyNamingStrategies.SNAKE_CASE)
        .translate(name);
  }
}
