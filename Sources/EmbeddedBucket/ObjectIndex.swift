/// What a bucket holds, in the order of listings. It is made of the files at the start and kept up to date; they are the truth.
struct ObjectIndex: Sendable {
  /// What a listing says of an object. An object, so that moving the entries behind it is cheap: 8 bytes for each.
  final class Entry: Sendable {
    let key: [UInt8]
    let size: UInt64
    let etag: ETag
    let modified: Int64

    init(_ record: ObjectRecord) {
      key = record.key.bytes
      size = record.size
      etag = record.etag
      modified = record.modified
    }
  }

  private var entries: [Entry]

  /// An index of these, in any order; each key is there once.
  init(_ entries: [Entry] = []) {
    self.entries = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
  }

  var count: Int { entries.count }

  /// What is listed of an object.
  subscript(_ key: ObjectKey) -> Entry? {
    let place = firstPlace { !$0.lexicographicallyPrecedes(key.bytes) }
    return place < entries.count && entries[place].key == key.bytes ? entries[place] : nil
  }

  mutating func set(_ entry: Entry) {
    let place = firstPlace { !$0.lexicographicallyPrecedes(entry.key) }
    if place < entries.count, entries[place].key == entry.key {
      entries[place] = entry
    } else {
      entries.insert(entry, at: place)
    }
  }

  mutating func remove(_ key: ObjectKey) {
    let place = firstPlace { !$0.lexicographicallyPrecedes(key.bytes) }
    if place < entries.count, entries[place].key == key.bytes { entries.remove(at: place) }
  }

  /// The first place at or after `start` whose key makes `condition` true, which no later key may make false again.
  private func firstPlace(from start: Int = 0, where condition: ([UInt8]) -> Bool) -> Int {
    var (low, high) = (start, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if condition(entries[middle].key) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

// MARK: - Listing

extension ObjectIndex {
  /// Where a page begins.
  enum Start: Equatable, Sendable {
    case beginning
    /// Behind this key, whether there is such a key or not.
    case afterKey([UInt8])
    /// Behind all keys that begin so.
    case afterPrefix([UInt8])
  }

  /// One line of a listing.
  enum Item {
    case object(Entry)
    /// All keys that begin so, rolled up into one.
    case prefix([UInt8])
  }

  /// A part of a listing.
  struct Page {
    var items: [Item] = []
    /// Where the next page begins; nil after the last.
    var next: Start?
  }

  /// Lists at most `count` items: the keys that begin with `prefix`; those that have the `delimiter` behind it are rolled up into what
  /// they have in common up to there. An empty delimiter rolls nothing up.
  func page(prefix: [UInt8], delimiter: [UInt8], from start: Start, count: Int) -> Page {
    var page = Page()
    var place: Int
    switch start {
    case .beginning: place = 0
    case .afterKey(let key): place = firstPlace { key.lexicographicallyPrecedes($0) }
    case .afterPrefix(let common): place = firstPlaceBehind(common, from: 0)
    }
    place = firstPlace(from: place) { !$0.lexicographicallyPrecedes(prefix) }
    guard count > 0 else { return page }
    while place < entries.count, entries[place].key.starts(with: prefix) {
      if page.items.count == count {
        switch page.items[count - 1] {
        case .object(let entry): page.next = .afterKey(entry.key)
        case .prefix(let common): page.next = .afterPrefix(common)
        }
        return page
      }
      let entry = entries[place]
      if let end = entry.key.end(of: delimiter, from: prefix.count) {
        let common = Array(entry.key[..<end])
        page.items.append(.prefix(common))
        // However many keys there are below it, they cost one search.
        place = firstPlaceBehind(common, from: place)
      } else {
        page.items.append(.object(entry))
        place += 1
      }
    }
    return page
  }

  private func firstPlaceBehind(_ prefix: [UInt8], from place: Int) -> Int {
    firstPlace(from: place) { !$0.lexicographicallyPrecedes(prefix) && !$0.starts(with: prefix) }
  }
}

extension [UInt8] {
  /// The place behind the first `pattern` at or after `start`, or nil; an empty pattern is nowhere.
  fileprivate func end(of pattern: [UInt8], from start: Int) -> Int? {
    guard let first = pattern.first, count - start >= pattern.count else { return nil }
    for place in start...(count - pattern.count)
    where self[place] == first && self[place...].starts(with: pattern) {
      return place + pattern.count
    }
    return nil
  }
}
