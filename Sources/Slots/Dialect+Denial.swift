public import Wire

extension Dialect {
  /// Writes the body of an answer that denies a slot.
  public func write(_ denial: Denial, to body: inout ByteBuffer) {
    switch self {
    case .json: Self.writeProblem(denial, to: &body)
    case .xml: Self.writeStanzaError(denial, to: &body)
    case .lines:
      // ejabberd throws it away; whoever tries with curl does not.
      body.append(denial.row.text)
      body.append(UInt8(ascii: "\n"))
    }
  }

  private static func writeProblem(_ denial: Denial, to body: inout ByteBuffer) {
    let row = denial.row
    body.append("{\"type\":\"urn:slotd:problem:")
    body.append(denial.outcome.name)
    body.append("\",\"title\":\"")
    body.append(row.status.reason)
    body.append("\",\"status\":")
    body.append(decimal: UInt64(row.status.code))
    body.append(",\"detail\":\"")
    body.append(json: row.text.bytes)
    body.append("\"")
    if row.type.utf8CodeUnitCount > 0 {
      body.append(",\"xmpp\":{\"type\":\"")
      body.append(row.type)
      body.append("\",\"condition\":\"")
      body.append(row.condition)
      body.append("\"")
      if case .tooLarge(let max) = denial {
        body.append(",\"file_too_large\":{\"max_file_size\":")
        body.append(decimal: max)
        body.append("}")
      }
      if let time = denial.retryAt {
        body.append(",\"retry\":{\"stamp\":\"")
        body.append(rfc3339: CivilTime(unixSeconds: time))
        body.append("\"}")
      }
      body.append("}")
    }
    body.append("}\n")
  }

  /// The `<error/>` of a stanza (RFC 6120 §8.3, XEP-0363 §5). Without a token there is no stanza to answer, so that denial is a bare
  /// text in the same form.
  private static func writeStanzaError(_ denial: Denial, to body: inout ByteBuffer) {
    let row = denial.row
    let isStanzaError = row.type.utf8CodeUnitCount > 0
    body.append("<error type='")
    body.append(isStanzaError ? row.type : "auth")
    body.append("'><")
    body.append(isStanzaError ? row.condition : "not-authorized")
    body.append(" xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>")
    body.append("<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>")
    body.append(xml: row.text.bytes)
    body.append("</text>")
    if case .tooLarge(let max) = denial {
      body.append("<file-too-large xmlns='urn:xmpp:http:upload:0'><max-file-size>")
      body.append(decimal: max)
      body.append("</max-file-size></file-too-large>")
    }
    if let time = denial.retryAt {
      body.append("<retry xmlns='urn:xmpp:http:upload:0' stamp='")
      body.append(rfc3339: CivilTime(unixSeconds: time))
      body.append("'/>")
    }
    body.append("</error>")
  }
}
