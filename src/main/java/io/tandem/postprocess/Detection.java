package io.tandem.postprocess;

import java.io.Serializable;

/**
 * An object in a picture.
 *
 * @param score from 0 to 1
 * @param box in pixels of the source picture as it is stored, and inside of it
 */
public record Detection(String label, float score, Box box) implements Serializable {}
