package io.tandem.postprocess;

/**
 * Values of a tensor by box and field, wherever its layout has them.
 *
 * @param values all values of the tensor; not copied
 * @param from the index of the first field of the first box
 * @param boxStep from a box to the next
 * @param fieldStep from a field to the next
 */
@SuppressWarnings("ArrayRecordComponent") // Copying the values of each batch would be slow.
record Grid(float[] values, int from, int boxStep, int fieldStep) {
  /** Returns a value. */
  float at(int box, int field) {
    return values[from + box * boxStep + field * fieldStep];
  }

  /** Returns the same without the first fields. */
  Grid skip(int fields) {
    return new Grid(values, from + fields * fieldStep, boxStep, fieldStep);
  }
}
