/** Runs ONNX models by DJL and ONNX Runtime. */
@NullMarked
package io.tandem.engine.onnxruntime;

import org.jspecify.annotations.NullMarked;
