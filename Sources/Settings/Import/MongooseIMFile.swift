/// `mod_http_upload` in MongooseIM's configuration.
struct MongooseIMFile {
  private let document: TOMLDocument

  init(_ document: TOMLDocument) { self.document = document }

  /// A service for the module of the whole server, and one for each of its hosts that has its own.
  func services() -> [ImportedService] {
    var services: [ImportedService] = []
    let module = ["modules", "mod_http_upload"]
    if let options = table(TOMLPath(module)) {
      services.append(service(options, at: TOMLPath(module), host: nil))
    } else if document.root["s3"] != nil {
      services.append(service(document.root, at: TOMLPath(), host: nil))
    }
    guard case .list(let hosts)? = document.root["host_config"] else { return services }
    for (i, host) in hosts.enumerated() {
      guard case .table(let keys) = host, case .table? = keys["modules"] else { continue }
      let path = TOMLPath(["host_config", String(i)] + module)
      let name = keys["host"] ?? keys["host_type"]
      guard let options = table(path) else {
        if case .text(let name)? = name, !services.isEmpty {
          let line = document.place(of: TOMLPath(["host_config", String(i)])).line
          services[0].remark(
            "\(name.shown) has modules of its own without mod_http_upload, but this section serves it too",
            line: line)
        }
        continue
      }
      if case .text(let domain)? = keys["host"] {
        services.append(service(options, at: path, host: domain))
      } else {
        // The domains of a host type are in MongooseIM's database, out of reach for this.
        var service = service(options, at: path, host: nil)
        service.remark("this was for one host type alone; here it serves every domain")
        services.append(service)
      }
    }
    return services
  }

  private func table(_ path: TOMLPath) -> [String: TOMLDocument.Value]? {
    var value = TOMLDocument.Value.table(document.root)
    for part in path.parts {
      switch value {
      case .table(let table):
        guard let next = table[part] else { return nil }
        value = next
      case .list(let list):
        guard let index = Int(part), list.indices.contains(index) else { return nil }
        value = list[index]
      default: return nil
      }
    }
    if case .table(let table) = value { return table } else { return nil }
  }

  private func service(
    _ table: [String: TOMLDocument.Value], at path: TOMLPath, host domain: String?
  ) -> ImportedService {
    var options = ModuleOptions(flatten(table, at: path, named: ""))
    let named = options.take("host")
    let host = named?.text ?? "upload.@HOST@"
    var service = ImportedService(
      host: domain.map { host.replacing(HostPattern.placeholder, with: $0) } ?? host,
      line: document.place(of: path).line)
    for name in ["iqdisc.type", "iqdisc"] {
      if let option = options.take(name) {
        service.remark("iqdisc has a meaning inside MongooseIM only", line: option.line)
      }
    }
    service.set("backend", text: options.take("backend"))
    service.set(
      "expiration_time", options.take("expiration_time"), default: 60, in: 1...604_799)
    service.set("token_bytes", options.take("token_bytes"), default: 32, in: 16...128)
    service.setMaxFileSize(
      options.take("max_file_size"), default: 10_485_760, unlimited: ["infinity", "undefined"])
    service.set(
      "access", .text("local"),
      remark:
        "MongooseIM lets everyone upload who can reach the service; access = \"all\" would be the same"
    )
    service.set("service_name", .text("HTTP File Upload"))
    service.set(
      "sign_content_type", .text("never"),
      remark:
        "MongooseIM signs a media type that is given, and uploads fail where clients send another; "
        + "\"when_given\" would be the same")
    service.set("s3.bucket_url", text: options.take("s3.bucket_url"))
    service.set("s3.region", text: options.take("s3.region"))
    service.setAccessKey(
      id: options.take("s3.access_key_id"), secret: options.take("s3.secret_access_key"))
    let acl = options.take("s3.add_acl")
    service.set(
      "s3.add_acl", acl?.value ?? .boolean(false), line: acl?.line,
      remark: acl?.value == .boolean(true)
        ? "MongooseIM wants the client to send this ACL as a header; slotd signs it into the URL"
        : nil)
    service.passOver(options)
    return service
  }

  private func flatten(
    _ table: [String: TOMLDocument.Value], at path: TOMLPath, named prefix: String
  ) -> [String: ModuleOptions.Option] {
    var options: [String: ModuleOptions.Option] = [:]
    for (key, value) in table {
      let path = path.appending(key)
      if case .table(let inner) = value {
        options.merge(flatten(inner, at: path, named: "\(prefix)\(key).")) { $1 }
      } else {
        var text: String?
        if case .text(let word) = value { text = word }
        options[prefix + key] = .init(value: value, text: text, line: document.place(of: path).line)
      }
    }
    return options
  }
}
