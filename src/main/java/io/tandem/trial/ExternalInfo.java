package io.tandem.trial;

/**
 * Describes an external implementation in reports.
 *
 * @param title its name in a sentence
 * @param remark a short remark for its row
 * @param note full sentences: what its time includes and how its work differs from Tandem's
 */
public record ExternalInfo(String title, String remark, String note) {}
