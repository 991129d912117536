import Adjoint

/// Where a training is, and what it has seen in the present epoch.
struct TrainingPosition {
  var epoch: Int
  var batch = 0
  /// Draws the order of rows.
  var order: Generator
  var orderAtStart: Generator
  /// The scoped generator at the start of the epoch.
  var epochStart = Adjoint.Generator.scoped
  var tally: Tally
  var validation: Tally?
  /// Set from a checkpoint until the scoped generator is where it was.
  var resumed: (epochStart: Generator, generator: Generator)?

  init(epoch: Int, order: Generator, tally: Tally) {
    (self.epoch, self.order, self.tally) = (epoch, order, tally)
    orderAtStart = order
  }
}
