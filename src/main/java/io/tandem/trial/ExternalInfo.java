package io.tandem.trial;

/**
 * What a reader has to know about a trial of another implementation.
 *
 * @param title its name in a sentence
 * @param remark a few words that belong beside its row
 * @param note the same in sentences: what its time contains, and how its work differs from ours
 */
public record ExternalInfo(String title, String remark, String note) {}
