#include "CYAML.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct slotd_yaml {
  yaml_parser_t parser;
  yaml_event_t event;
  bool has_event;
  bool is_over;
  slotd_yaml_event last;
  const char *text;
  const char *anchor;
  size_t count;
  unsigned char bytes[];
};

slotd_yaml *slotd_yaml_make(const uint8_t *bytes, size_t count) {
  slotd_yaml *yaml = calloc(1, sizeof *yaml + count);
  if (yaml == NULL) return NULL;
  if (!yaml_parser_initialize(&yaml->parser)) {
    free(yaml);
    return NULL;
  }
  memcpy(yaml->bytes, bytes, count);
  yaml->count = count;
  yaml_parser_set_encoding(&yaml->parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&yaml->parser, yaml->bytes, count);
  return yaml;
}

void slotd_yaml_free(slotd_yaml *yaml) {
  if (yaml->has_event) yaml_event_delete(&yaml->event);
  yaml_parser_delete(&yaml->parser);
  free(yaml);
}

static int kind_of(yaml_event_type_t type) {
  switch (type) {
    case YAML_SCALAR_EVENT: return SLOTD_YAML_SCALAR;
    case YAML_ALIAS_EVENT: return SLOTD_YAML_ALIAS;
    case YAML_SEQUENCE_START_EVENT: return SLOTD_YAML_LIST;
    case YAML_SEQUENCE_END_EVENT: return SLOTD_YAML_LIST_END;
    case YAML_MAPPING_START_EVENT: return SLOTD_YAML_MAP;
    case YAML_MAPPING_END_EVENT: return SLOTD_YAML_MAP_END;
    case YAML_STREAM_END_EVENT: return SLOTD_YAML_END;
    default: return SLOTD_YAML_OTHER;
  }
}

slotd_yaml_event slotd_yaml_next(slotd_yaml *yaml) {
  if (yaml->is_over) return yaml->last;
  if (yaml->has_event) yaml_event_delete(&yaml->event);
  yaml->has_event = false;
  yaml->text = yaml->anchor = NULL;
  memset(&yaml->last, 0, sizeof yaml->last);
  if (!yaml_parser_parse(&yaml->parser, &yaml->event)) {
    yaml->is_over = true;
    yaml->last.kind = SLOTD_YAML_FAILED;
    yaml->last.line = yaml->parser.problem_mark.line + 1;
    yaml->last.column = yaml->parser.problem_mark.column + 1;
    return yaml->last;
  }
  yaml->has_event = true;
  const yaml_event_t *event = &yaml->event;
  yaml->last.kind = kind_of(event->type);
  yaml->last.line = event->start_mark.line + 1;
  yaml->last.column = event->start_mark.column + 1;
  switch (event->type) {
    case YAML_SCALAR_EVENT:
      yaml->text = (const char *)event->data.scalar.value;
      yaml->last.text_count = event->data.scalar.length;
      yaml->last.is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
      yaml->anchor = (const char *)event->data.scalar.anchor;
      break;
    case YAML_ALIAS_EVENT: yaml->anchor = (const char *)event->data.alias.anchor; break;
    case YAML_SEQUENCE_START_EVENT:
      yaml->anchor = (const char *)event->data.sequence_start.anchor;
      break;
    case YAML_MAPPING_START_EVENT:
      yaml->anchor = (const char *)event->data.mapping_start.anchor;
      break;
    default: break;
  }
  if (yaml->anchor != NULL) yaml->last.anchor_count = strlen(yaml->anchor);
  yaml->is_over = yaml->last.kind == SLOTD_YAML_END;
  return yaml->last;
}

static void copy(const char *from, size_t length, uint8_t *bytes, size_t count) {
  if (from != NULL) memcpy(bytes, from, count < length ? count : length);
}

void slotd_yaml_text(slotd_yaml *yaml, uint8_t *bytes, size_t count) {
  copy(yaml->text, yaml->last.text_count, bytes, count);
}

void slotd_yaml_anchor(slotd_yaml *yaml, uint8_t *bytes, size_t count) {
  copy(yaml->anchor, yaml->last.anchor_count, bytes, count);
}

const char *slotd_yaml_problem(slotd_yaml *yaml) {
  return yaml->parser.problem != NULL ? yaml->parser.problem : "there is not enough memory";
}
