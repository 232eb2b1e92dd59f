/// What a request may cost: every limit of the HTTP side by name, with its reason.
///
/// Together they bound the memory of a connection: an idle one holds no buffer at all, a busy one holds one of
/// ``requestBytesMax`` and one of ``responseBytesMax`` bytes, of which only the pages that were written are resident. What a crowd of
/// connections needed goes back to the system within a minute of it.
public enum Limits {
  /// Bytes of a request head. A JID of 3,071 bytes and a name of 1,024, each byte percent-encoded, make 12,285; the rest
  /// is for fields that proxies add.
  public static let headBytesMax = 16_384

  /// Bytes of a request body that a handler wants whole. The same JID and name, each byte escaped as `\u00XX`, would
  /// not fit; no serializer does that to them, and 16 KiB is plenty for what they do.
  public static let wholeBodyBytesMax = 16_384

  /// Bytes of the buffer that requests are read into. It must hold a head and a body that is wanted whole; twice that much makes
  /// streamed bodies, which pass through the same buffer, cheap. Pages that were never written cost nothing.
  public static let requestBytesMax = 65_536

  /// Fields of a request head. XMPP servers send a handful, browsers twenty; the rest is for proxies.
  public static let fieldsMax = 64

  /// Bytes of the buffer that answers are written into. A pipelined request is answered only while
  /// ``responseRoomMin`` bytes are left in it, so one answer must fit into those.
  public static let responseBytesMax = 65_536

  /// Bytes that one answer may have, unless its body comes from a file or an array: two URLs, each with a prefix, a name of 255
  /// bytes percent-encoded and a session token of 4 KiB, in the dialect that escapes them most.
  public static let responseRoomMin = 49_152

  /// Addresses that a server listens at. One is usual, a handful is possible; the rest is for whoever names each of a machine's own.
  public static let listenersMax = 64

  /// Bytes of one line of chunked framing: a size and its extensions. Nobody sends extensions; 256 bytes are tolerance.
  public static let chunkLineBytesMax = 256

  /// Bytes of the trailer section of a chunked body. It is checked and dropped.
  public static let trailerBytesMax = 4_096
}
