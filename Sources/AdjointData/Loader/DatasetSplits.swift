import Adjoint

extension Dataset {
  /// Two parts of the dataset, drawn at random: one for training, one for validation.
  ///
  /// Both keep the dataset's order. With labels every class has its share of both parts, as nearly
  /// as whole examples allow.
  /// - Parameters:
  ///   - validationFraction: the validation's share, from 0 to 1.
  ///   - labels: the class of each example, integers `[count]`; nil for a plain draw.
  ///   - seed: equal seeds give equal parts.
  public func split(
    validationFraction: Double, stratifiedBy labels: Tensor? = nil, seed: UInt64 = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (training: Subset, validation: Subset) {
    if !(0...1).contains(validationFraction) {
      programmingError(
        "split", "the fraction must be in 0 ... 1, not \(validationFraction)", file: file,
        line: line)
    }
    let sampler: Sampler = labels.map { .stratified(by: $0) } ?? .shuffled
    var generator = Generator(seed: seed)
    let order = sampler.order(of: count, using: &generator, file: file, line: line)
    let border = Int((validationFraction * Double(count)).rounded())
    return (
      training: Subset(self, at: order[border...].sorted()),
      validation: Subset(self, at: order[..<border].sorted())
    )
  }

  /// The dataset divided into `count` folds, for cross-validation.
  ///
  /// Each is the validation of one pair, and the others its training part.
  ///
  /// Sizes of folds differ by at most one, with labels also the numbers of each class. Parts keep
  /// the dataset's order.
  /// - Parameters:
  ///   - count: the number of folds, from 2 to the number of examples.
  ///   - labels: the class of each example, integers `[count]`; nil for a plain draw.
  ///   - seed: equal seeds give equal folds.
  public func folds(
    _ count: Int, stratifiedBy labels: Tensor? = nil, seed: UInt64 = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) -> [(training: Subset, validation: Subset)] {
    if count < 2 || count > self.count {
      programmingError(
        "folds", "\(self.count) examples cannot be divided into \(count) folds", file: file,
        line: line)
    }
    var generator = Generator(seed: seed)
    var order = Array(0..<self.count).shuffled(using: &generator)
    if let labels {
      // Dealt class after class, every fold gets its share of each.
      order = classes(labels, of: self.count, "folds", file, line).members(in: order).flatMap { $0 }
    }
    var fold = order
    for (place, example) in order.enumerated() { fold[example] = place % count }
    return (0..<count).map { number in
      (
        training: Subset(self, at: fold.indices.filter { fold[$0] != number }),
        validation: Subset(self, at: fold.indices.filter { fold[$0] == number })
      )
    }
  }
}
