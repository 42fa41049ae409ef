package io.tandem.postprocess;

import java.io.Serializable;

/** A label with its probability, from 0 to 1. */
public record Prediction(String label, float probability) implements Serializable {}
