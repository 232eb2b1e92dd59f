extension Reading {
  /// Reads the section of every host.
  mutating func services(_ hosts: [String]) -> [UploadService] {
    if hosts.isEmpty && !isSet(hostsAreNoTable: ()) {
      mistake(#"there is no upload service: add a section such as [hosts."upload.@HOST@"]"#)
    }
    let patterns = hosts.map { pattern($0) }
    checkSame(zip(hosts, patterns).compactMap { host, pattern in pattern.map { (host, $0) } })
    let services = zip(hosts, patterns).compactMap { host, pattern in
      pattern.map { (host, service(host, $0)) }
    }
    checkUnnamed(services)
    return services.map { $0.1 }
  }

  /// Whether `hosts` is there but no table, which is a mistake of its own.
  private func isSet(hostsAreNoTable: Void) -> Bool {
    guard let hosts = source.document?.root["hosts"] else { return false }
    if case .table = hosts { return false }
    return true
  }

  private mutating func pattern(_ host: String) -> HostPattern? {
    do {
      return try HostPattern(host)
    } catch {
      mistake(host: host, error.sentence)
      return nil
    }
  }

  private mutating func service(_ host: String, _ pattern: HostPattern) -> UploadService {
    if let own = value(Keys.host, host: host), (try? HostPattern(own)) != pattern {
      mistake(
        Keys.host.entry, host: host,
        "\(own.shown) is not the section's name, \(host.shown): make them the same, or take host away"
      )
    }
    if isSet(Keys.iqdisc.entry, host: host) {
      _ = value(Keys.iqdisc, host: host)
      note(
        Keys.iqdisc.entry, host: host,
        "this has a meaning inside MongooseIM only; slotd passes it over")
    }
    let name = value(Keys.backend, host: host) ?? value(Keys.defaultBackend) ?? .s3
    let get = getMode(host)
    let backend: UploadService.Backend
    switch name {
    case .s3: backend = .s3(bucket(host, get: get))
    case .embedded:
      backend = .embedded
      noteUnusedBucket(host)
    }
    let contentTypes = value(Keys.contentTypes, host: host)
    let purposes = value(Keys.purposes, host: host).map(Set.init)
    if contentTypes == [] || purposes == [] {
      let entry = contentTypes == [] ? Keys.contentTypes.entry : Keys.purposes.entry
      mistake(
        entry, host: host, "the empty list would refuse every file: take the key away to let all in"
      )
    }
    return UploadService(
      host: pattern, domains: domains(host, pattern), backend: backend,
      expirationSeconds: value(Keys.expirationTime, host: host),
      tokenBytes: value(Keys.tokenBytes, host: host),
      maxFileSize: value(Keys.maxFileSize, host: host), access: value(Keys.access, host: host),
      serviceName: value(Keys.serviceName, host: host),
      signContentType: value(Keys.signContentType, host: host), contentTypes: contentTypes,
      purposes: purposes ?? Set(FilePurpose.allCases), keyLayout: keyLayout(host), get: get,
      retentionDays: retention(host, name))
  }

  private mutating func keyLayout(_ host: String) -> KeyLayout {
    let layout = value(Keys.keyLayout, host: host)
    let key = secret(Keys.jidKey, host: host)
    let isKeySet = source.find(Keys.jidKey, host: host) != nil
    switch layout {
    case .token:
      if isKeySet {
        let entry = isSet(Keys.jidKey.entry, host: host) ? Keys.jidKey.entry : Keys.jidKey.fileEntry
        note(entry, host: host, "this is used with key_layout = \"user\" only")
      }
      return .token
    case .user:
      if !isKeySet {
        mistake(
          Keys.keyLayout.entry, host: host,
          "\"user\" needs jid_key_file or jid_key, a secret of at least 16 bytes that hides the users' names"
        )
      }
      return key.map { .user(jidKey: $0) } ?? .token
    }
  }

  /// How long files are kept: by rules of the bucket, which know a file's purpose by what its key begins with.
  private mutating func retention(
    _ host: String, _ backend: BackendName
  ) -> [FilePurpose: Int] {
    var days: [FilePurpose: Int] = [:]
    for (purpose, key) in zip(FilePurpose.allCases, Keys.retention) {
      days[purpose] = value(key, host: host)
      guard isSet(key.entry, host: host) else { continue }
      if backend == .embedded {
        mistake(
          key.entry, host: host,
          "the embedded bucket keeps files until somebody deletes them: take this away")
      } else if value(Keys.keyLayout, host: host) == .token {
        mistake(
          key.entry, host: host,
          "with key_layout = \"token\" keys do not say what a file is for, so no rule can find it: set key_layout = \"user\""
        )
      }
    }
    return days
  }

  private mutating func getMode(_ host: String) -> GetMode {
    let seconds = value(Keys.getExpirationTime, host: host)
    guard value(Keys.get, host: host) == .presigned else {
      if isSet(Keys.getExpirationTime.entry, host: host) {
        note(Keys.getExpirationTime.entry, host: host, "this is used with get = \"presigned\" only")
      }
      return .public
    }
    return .presigned(seconds: seconds)
  }

  // MARK: The bucket

  private mutating func bucket(_ host: String, get: GetMode) -> BucketSettings {
    let url = value(Keys.bucketURL, host: host)
    if !isSet(Keys.bucketURL.entry, host: host) {
      mistake(
        Keys.bucketURL.entry, host: host,
        #"this is missing: the bucket's URL, such as "https://s3.eu-west-1.amazonaws.com/mybucket""#
      )
    }
    let region = value(Keys.region, host: host)
    if !isSet(Keys.region.entry, host: host) {
      mistake(
        Keys.region.entry, host: host, #"this is missing: the bucket's region, such as "eu-west-1""#
      )
    }
    let addACL = value(Keys.addACL, host: host)
    let downloadURL = value(Keys.downloadURL, host: host)
    if case .presigned = get {
      if addACL {
        mistake(
          Keys.addACL.entry, host: host,
          "add_acl makes files public, and get = \"presigned\" keeps them private: choose one")
      }
      if downloadURL != nil {
        mistake(
          Keys.downloadURL.entry, host: host,
          "a URL that get = \"presigned\" signs is good at the bucket alone: take one of the two away"
        )
      }
    }
    if let url { noteIfPlain(url, Keys.bucketURL.entry, host: host) }
    if let downloadURL { noteIfPlain(downloadURL, Keys.downloadURL.entry, host: host) }
    let caFile = path(Keys.caFile, host: host)
    if let caFile { checkReadable(caFile, Keys.caFile.entry, host: host) }
    return BucketSettings(
      bucketURL: url ?? "", region: region ?? "", credentials: credentials(host),
      asksInstance: value(Keys.instanceMetadata, host: host), addACL: addACL,
      downloadURL: downloadURL, caFile: caFile)
  }

  private mutating func credentials(_ host: String) -> StaticCredentials? {
    let id = secret(Keys.accessKeyID, host: host)
    let key = secret(Keys.secretAccessKey, host: host)
    let session = secret(Keys.sessionToken, host: host)
    let isSet = [Keys.accessKeyID, Keys.secretAccessKey, Keys.sessionToken].map {
      source.find($0, host: host) != nil
    }
    if isSet[0] != isSet[1] {
      let (present, absent) =
        isSet[0]
        ? (Keys.accessKeyID, Keys.secretAccessKey) : (Keys.secretAccessKey, Keys.accessKeyID)
      mistake(
        present.entry, host: host,
        "\(absent.entry.name) is missing: an access key is both, or neither")
    } else if isSet[2] && !isSet[0] {
      mistake(
        Keys.sessionToken.entry, host: host,
        "a session needs its access key: set s3.access_key_id and s3.secret_access_key too")
    }
    if isSet[0], self.isSet(Keys.instanceMetadata.entry, host: host) {
      note(
        Keys.instanceMetadata.entry, host: host,
        "the key of the configuration is used, so nobody is asked for another")
    }
    guard let id, let key else { return nil }
    return StaticCredentials(
      accessKeyID: part(id, Keys.accessKeyID, host),
      secretAccessKey: part(key, Keys.secretAccessKey, host),
      sessionToken: session.map { part($0, Keys.sessionToken, host) })
  }

  private func part(_ secret: Secret, _ key: SecretKey, _ host: String) -> StaticCredentials.Part {
    file(of: key, host: host).map(StaticCredentials.Part.file) ?? .value(secret)
  }

  private mutating func noteUnusedBucket(_ host: String) {
    let unused = [Keys.bucketURL.entry, Keys.region.entry].first { isSet($0, host: host) }
    if let unused {
      note(unused, host: host, "the keys s3.… have no meaning with backend = \"embedded\"")
    }
  }

  // MARK: Domains

  private mutating func domains(_ host: String, _ pattern: HostPattern) -> UploadService.Domains {
    let listed = value(Keys.domains, host: host)
    if pattern.isPattern {
      guard let listed else { return .any }
      if !listed.isEmpty {
        mistake(
          Keys.domains.entry, host: host,
          "a host with @HOST@ serves every domain: take this away, or write [] for requests that name the host only"
        )
      }
      return .listed([])
    }
    if let listed { return .listed(listed) }
    guard let dot = pattern.prefix.firstIndex(of: ".") else {
      note(
        Keys.domains.entry, host: host,
        "the host has one label, so it belongs to no domain: set domains, or name the host in every request"
      )
      return .listed([])
    }
    return .listed([String(pattern.prefix[pattern.prefix.index(after: dot)...])])
  }

  private mutating func checkSame(_ hosts: [(String, HostPattern)]) {
    var seen: Set<HostPattern> = []
    for (host, pattern) in hosts where !seen.insert(pattern).inserted {
      mistake(
        host: host, "this host has a section already: letters are the same in upper and lower case")
    }
  }

  /// A request that names no host must find one service.
  private mutating func checkUnnamed(_ services: [(String, UploadService)]) {
    var first: [String: String] = [:]
    for (host, service) in services {
      let domains: [String] =
        switch service.domains {
        case .any: [HostPattern.placeholder]
        case .listed(let listed): listed
        }
      for domain in domains {
        guard let other = first.updateValue(host, forKey: domain), other != host else { continue }
        let whose = domain == HostPattern.placeholder ? "every domain" : domain
        mistake(
          host: host,
          "\(host) and \(other) both serve \(whose) when a request names no host: set domains = [] for one of them"
        )
      }
    }
  }
}
