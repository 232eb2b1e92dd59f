/// A cyclic redundancy check in progress, of the kind that begins with all ones, takes the lowest bit of a byte first and inverts its
/// result: all of S3's are.
struct CRC: Sendable {
  /// What tells one from another: its polynomial, the highest power in the lowest bit, and how many bits it has.
  struct Kind: Sendable {
    let bits: Int
    /// By a byte, what eight steps make of it.
    fileprivate let table: [UInt64]

    private init(_ polynomial: UInt64, bits: Int) {
      self.bits = bits
      table = (0..<256).map { byte in
        (0..<8).reduce(UInt64(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 0 ? 0 : polynomial) }
      }
    }

    /// That of Ethernet and zlib (ISO/IEC/IEEE 8802-3).
    static let crc32 = Kind(0xEDB8_8320, bits: 32)
    /// Castagnoli's (RFC 3720 §12.1).
    static let crc32C = Kind(0x82F6_3B78, bits: 32)
    /// That of NVM Express (NVM Command Set 1.0 §5.2.1.3.4).
    static let crc64NVMe = Kind(0x9A6C_9329_AC4B_C9B5, bits: 64)
  }

  private let kind: Kind
  private var rest: UInt64

  /// The check of nothing yet.
  init(_ kind: Kind) {
    self.kind = kind
    rest = .max >> UInt64(64 - kind.bits)
  }

  /// Takes in more bytes.
  mutating func update(_ bytes: Span<UInt8>) {
    // In a register while the loop runs.
    var rest = rest
    for i in bytes.indices {
      rest = kind.table[Int(UInt8(truncatingIfNeeded: rest) ^ bytes[i])] ^ rest >> 8
    }
    self.rest = rest
  }

  /// The bytes of the result, the most significant first.
  var digest: [UInt8] {
    stride(from: kind.bits - 8, through: 0, by: -8).map { shift in
      ~UInt8(truncatingIfNeeded: rest >> UInt64(shift))
    }
  }
}
