// What Swift cannot say about libyaml: its parser and events are large unions of pointers. Here an event is a struct of
// integers, and its text is copied out on demand.
#pragma once

#include <lifetimebound.h>
#include <ptrcheck.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// A parser, its copy of the text, and the event it read last.
typedef struct slotd_yaml slotd_yaml;

enum slotd_yaml_kind {
  SLOTD_YAML_FAILED = 0,
  SLOTD_YAML_END,
  SLOTD_YAML_SCALAR,
  SLOTD_YAML_ALIAS,
  SLOTD_YAML_LIST,
  SLOTD_YAML_LIST_END,
  SLOTD_YAML_MAP,
  SLOTD_YAML_MAP_END,
  /// Where a document or the stream begins or a document ends.
  SLOTD_YAML_OTHER,
};

/// What was read. Lines and columns count from 1.
typedef struct slotd_yaml_event {
  int kind;
  /// Whether a scalar stands without quotes.
  bool is_plain;
  size_t line;
  size_t column;
  /// Bytes of a scalar's text.
  size_t text_count;
  /// Bytes of the name behind `&` or `*`; 0 where there is none.
  size_t anchor_count;
} slotd_yaml_event;

/// Copies the text for a parser; NULL when there is no memory.
slotd_yaml *_Nullable slotd_yaml_make(const uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);
void slotd_yaml_free(slotd_yaml *yaml);
/// Reads the next event; after one that failed or ended it all, the same again.
slotd_yaml_event slotd_yaml_next(slotd_yaml *yaml);
/// Copies the text of the last event, `text_count` bytes of it at most.
void slotd_yaml_text(slotd_yaml *yaml, uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);
/// Copies the anchor of the last event, `anchor_count` bytes of it at most.
void slotd_yaml_anchor(slotd_yaml *yaml, uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);
/// What failed, in libyaml's words: a literal, which never quotes the text.
const char *slotd_yaml_problem(slotd_yaml *yaml);

#pragma clang assume_nonnull end
