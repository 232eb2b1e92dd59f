internal import CCrypto
public import Wire

/// Overwrites bytes that were secret and leaves the array empty. It reaches them only where no other variable shares them.
public func wipe(_ bytes: inout [UInt8]) {
  var span = bytes.mutableSpan
  slotd_wipe(&span)
  bytes = []
}

/// Overwrites the bytes in a buffer that were secret and empties it.
public func wipe(_ buffer: inout ByteBuffer) {
  var span = buffer.mutableBytes
  slotd_wipe(&span)
  buffer.clear()
}
