public import Wire

extension Grantor {
  /// Writes the body of an answer that grants a slot.
  ///
  /// ```
  /// {"put":{"url":"…","headers":[]},"get":{"url":"…"},"expires_at":"2026-11-21T10:11:12Z"}
  /// <slot xmlns='urn:xmpp:http:upload:0'><put url='…'/><get url='…'/></slot>
  /// ```
  public func write(_ grant: Grant, in dialect: Dialect, to body: inout ByteBuffer) {
    switch dialect {
    case .lines:
      body.append(putURL.bytes)
      body.append(UInt8(ascii: "\n"))
      body.append(getURL.bytes)
    case .json:
      // A URL has nothing in it that JSON escapes.
      body.append("{\"put\":{\"url\":\"")
      body.append(putURL.bytes)
      body.append("\",\"headers\":[]},\"get\":{\"url\":\"")
      body.append(getURL.bytes)
      body.append("\"},\"expires_at\":\"")
      body.append(rfc3339: CivilTime(unixSeconds: grant.expiresAt))
      body.append("\"}\n")
    case .xml:
      body.append("<slot xmlns='urn:xmpp:http:upload:0'><put url='")
      body.append(xml: putURL.bytes)
      body.append("'/><get url='")
      body.append(xml: getURL.bytes)
      body.append("'/></slot>")
    }
  }
}
