package io.tandem.inference;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * The column of a DataFrame that has the frames.
 *
 * @param at its place among the columns, from 0
 */
record InputColumn(String name, int at, Kind kind) implements Serializable {
  /** The type of Spark's data source "image", without the origin, in its order. */
  static final List<String> IMAGE = List.of("height", "width", "nChannels", "mode", "data");

  /** What a cell of the column is. */
  enum Kind {
    /** A path or URL of an image file. */
    PATH,
    /** The bytes of an image file. */
    BYTES,
    /** A decoded image in Spark's own struct. */
    IMAGE
  }

  /**
   * Finds a column: the one of exactly this name, or else the only one whose name differs in its
   * case alone.
   *
   * @throws ColumnException if it is not there, not alone, or of a type that has no frames
   */
  static InputColumn of(StructType schema, String name) {
    String[] names = schema.fieldNames();
    int[] found = places(names, name, false);
    if (found.length == 0) {
      found = places(names, name, true);
    }
    if (found.length == 0) {
      throw new ColumnException(
          "the DataFrame has no column %s to predict; it has %s; name one by input(...)"
              .formatted(name, names.length == 0 ? "none" : String.join(", ", names)));
    }
    if (found.length > 1) {
      throw new ColumnException(
          "the DataFrame has %d columns of the name %s; rename all but one"
              .formatted(found.length, name));
    }
    return new InputColumn(
        names[found[0]], found[0], kind(name, schema.apply(found[0]).dataType()));
  }

  private static int[] places(String[] names, String name, boolean anyCase) {
    return IntStream.range(0, names.length)
        .filter(i -> anyCase ? names[i].equalsIgnoreCase(name) : names[i].equals(name))
        .toArray();
  }

  private static Kind kind(String name, DataType type) {
    if (type instanceof StringType) { // Of any collation.
      return Kind.PATH;
    }
    if (DataTypes.BinaryType.equals(type)) {
      return Kind.BYTES;
    }
    if (type instanceof StructType struct && isImage(struct)) {
      return Kind.IMAGE;
    }
    throw new ColumnException(
        "column %s is of type %s; frames are a path or URL (string), the bytes of an image file (binary), or the image struct of Spark's data source image"
            .formatted(name, type.simpleString()));
  }

  private static boolean isImage(StructType struct) {
    return Arrays.asList(struct.fieldNames()).containsAll(IMAGE)
        && IMAGE.stream()
            .allMatch(
                field ->
                    struct
                        .apply(field)
                        .dataType()
                        .equals(
                            field.equals("data") ? DataTypes.BinaryType : DataTypes.IntegerType));
  }
}
